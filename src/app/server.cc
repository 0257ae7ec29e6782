#include "app/server.h"

#include <algorithm>
#include <future>

#include "app/catalogue_folders.h"
#include "app/first_start.h"
#include "app/version.h"
#include "base/json.h"
#include "base/log.h"
#include "runtime/node_binary.h"
#include "runtime/sandbox.h"
#include "store/flows.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::app {

namespace {

constexpr base::Millis kDrain{5'000};
constexpr std::size_t kPluginHosts = 500;
constexpr std::size_t kCallsOfOnePluginHost = 1'000;
constexpr base::Millis kBetweenEmptying{std::chrono::hours(6)};
const std::string kDiskReserveKey = "DISK_RESERVE_BYTES";
constexpr std::uint64_t kLeastLogBytes = std::uint64_t{1} << 20;

insights::LogRetention logRetention(const access::SystemConfiguration& configuration) {
  insights::LogRetention retention;
  retention.days = std::clamp<std::int64_t>(configuration.number("LOG_RETENTION_DAYS", retention.days), 1, 36'500);
  retention.bytes = std::max(kLeastLogBytes, configuration.bytes("LOG_RETENTION_BYTES", retention.bytes));
  return retention;
}

}  // namespace

Server::Server(Options options) : options_(std::move(options)) {
  publicUrl_ = options_.publicUrl.empty() ? "http://" + options_.address + ":" + std::to_string(options_.port)
                                          : options_.publicUrl;
  while (publicUrl_.ends_with('/')) {
    publicUrl_.pop_back();
  }
}

Server::~Server() { close(); }

base::Status Server::open() {
  for (const auto step : {&Server::openStore, &Server::openAccess, &Server::openSystemWebhooks, &Server::openRuntime,
                          &Server::openConnectors,
                          &Server::openAccounts, &Server::openResources, &Server::openEngine, &Server::openPlugins, &Server::openUpdates, &Server::openHttp}) {
    if (base::Status status = (this->*step)(); !status) {
      return status;
    }
  }
  return {};
}

base::Status Server::openStore() {
  auto layout = findLayout();
  if (!layout) {
    return layout.error();
  }
  layout_ = *layout;
  store::SqliteOptions sqlite;
  sqlite.folder = options_.data;
  auto opened = store::openSqlite(sqlite);
  if (!opened) {
    return opened.error();
  }
  options_.data = std::filesystem::canonical(options_.data);
  store_ = std::move(*opened);
  disk_ = std::make_unique<base::DiskReserve>(options_.data, clock_);
  return {};
}

void Server::watchDisk() {
  const auto read = [this](const std::string& key) {
    if (key == kDiskReserveKey) {
      disk_->setReserve(configuration_->bytes(kDiskReserveKey, base::DiskReserve::kDefaultBytes));
    }
  };
  read(kDiskReserveKey);
  configuration_->onChange(read);
}

base::Status Server::openAccess() {
  configuration_ = std::make_unique<access::SystemConfiguration>(*store_);
  tokens_ = std::make_unique<access::Tokens>(*store_, *configuration_, random_, clock_);
  users_ = std::make_unique<access::Users>(*store_, *configuration_, random_, clock_);
  audit_ = std::make_unique<access::Audit>(*store_, clock_);
  acl_ = std::make_unique<access::Acl>(*store_);
  gate_ = std::make_unique<access::Gate>(*tokens_, *users_);
  throttle_ = std::make_unique<access::LoginThrottle>(clock_);
  codes_ = std::make_unique<access::PasswordCodes>(random_, clock_);
  removal_ = std::make_unique<access::UserRemoval>(*store_, *users_, random_, clock_);
  if (base::Status loaded = configuration_->load(); !loaded) {
    return loaded;
  }
  watchDisk();
  if (base::Status loaded = acl_->load(); !loaded) {
    return loaded;
  }
  if (base::Status loaded = tokens_->load(); !loaded) {
    return loaded;
  }
  return ensureFirstAdmin(*users_, options_, random_);
}

base::Status Server::openRuntime() {
  auto node = runtime::findNode(options_.node, layout_.runtimeFolder);
  if (!node) {
    return node.error();
  }
  node_ = *node;
  const auto mode = runtime::parseSandboxMode(options_.sandbox);
  auto sandbox = runtime::Sandbox::probe(mode.value_or(runtime::SandboxMode::kAuto), node_, layout_.runtimeFolder);
  if (!sandbox) {
    return sandbox.error();
  }
  spawner_ = std::make_unique<base::Spawner>(loop_);
  runtime::NodeOptions nodeOptions;
  nodeOptions.node = node_;
  nodeOptions.runtimeFolder = layout_.runtimeFolder;
  nodeOptions.temporary = options_.data / "tmp";
  nodeOptions.apiUrl = publicUrl_;
  host_ = std::make_unique<runtime::NodeHost>(loop_, *spawner_, std::move(*sandbox), nodeOptions);
  runtime::RuntimeOptions runtimeOptions;
  runtimeOptions.pool.maxProcesses = options_.workersPerConnector;
  runtimeOptions.maxProcesses = options_.maxWorkers;
  runtime_ = std::make_unique<runtime::NodeRuntime>(*host_, clock_, runtimeOptions);
  runtime::RuntimeOptions pluginOptions;  // one process a revision, for as long as its plugins are up
  pluginOptions.pool.maxProcesses = 1;
  pluginOptions.pool.maxCalls = kCallsOfOnePluginHost;
  pluginOptions.maxProcesses = kPluginHosts;
  pluginRuntime_ = std::make_unique<runtime::NodeRuntime>(*host_, clock_, pluginOptions);
  mappers_ = std::make_unique<runtime::NodeMapperPool>(*host_, runtime::MapperOptions{});
  return {};
}

base::Status Server::openConnectors() {
  bundles_ = std::make_unique<connectors::InstalledBundles>(*store_, registry_, clock_, options_.data);
  connectors::NpmOptions npm;
  npm.node = node_;
  npm.npmCli = layout_.runtimeFolder / "node_modules" / "npm" / "bin" / "npm-cli.js";
  npm.cache = options_.data / "npm-cache";
  packages_ = std::make_unique<connectors::NpmInstaller>(npm, *spawner_);
  inspector_ = std::make_unique<connectors::RuntimeInspector>(*runtime_, loop_);
  maker_ = std::make_unique<connectors::RevisionMaker>(*packages_, *inspector_, bundles_->folder());
  openCatalogues();
  return bundles_->load();
}

void Server::openCatalogues() {
  catalogues_ = std::make_unique<connectors::Catalogues>(catalogueFolders(layout_, options_.empty, *configuration_));
  const auto read = [this] {
    if (const base::Status status = catalogues_->refresh(); !status) {
      spdlog::warn("no connector catalogue could be read: {}", status.error().message);
    }
  };
  read();
  configuration_->onChange([this, read](const std::string& key) {
    if (key == kCatalogueKey) {
      catalogues_->setFolders(catalogueFolders(layout_, options_.empty, *configuration_));
      read();
    }
  });
}

base::Status Server::openAccounts() {
  auto sealer = accounts::Sealer::open(options_.secretKey, options_.data / "secret.key", random_);
  if (!sealer) {
    return sealer.error();
  }
  sealer_ = std::make_unique<accounts::Sealer>(std::move(*sealer));
  serviceConfiguration_ = std::make_unique<accounts::ServiceConfiguration>(*store_, *sealer_);
  authRunner_ = accounts::makeAuthRunner(*runtime_, loop_);
  accounts_ = std::make_unique<accounts::Accounts>(accounts::Accounts::Parts{
      *store_, registry_, *sealer_, *serviceConfiguration_, *authRunner_, random_, clock_});
  return serviceConfiguration_->load();
}

base::Status Server::openResources() {
  insights::FlowLogOptions log;
  log.path = options_.data / "logs.db";
  log.retention = logRetention(*configuration_);
  auto opened = insights::FlowLog::open(log);
  if (!opened) {
    return opened.error();
  }
  flowLog_ = std::move(*opened);
  configuration_->onChange([this](const std::string&) { flowLog_->setRetention(logRetention(*configuration_)); });
  dataStores_ = std::make_unique<datastores::DataStores>(random_, clock_);
  auto files = files::FileStore::open(options_.data / "files", *store_, random_, clock_);
  if (!files) {
    return files.error();
  }
  files_ = std::move(*files);
  return {};
}

base::Status Server::openEngine() {
  replies_ = std::make_unique<webhooks::ReplyDesk>(loop_);
  queue::QueueOptions queueOptions;
  queueOptions.depthLimit = configuration_->number("QUEUE_DEPTH_LIMIT", queueOptions.depthLimit);
  queue_ = std::make_unique<queue::MessageQueue>(*store_, loop_, queueOptions);
  parts_ = std::make_unique<engine::Parts>(engine::Parts{*store_, loop_, clock_, random_, background_, *queue_, *runtime_,
                                                         *mappers_, registry_, *accounts_, *configuration_, *acl_, *tokens_,
                                                         *users_, *dataStores_, *files_, *flowLog_, *replies_, *outbox_,
                                                         metrics_, *disk_, publicUrl_});
  parts_->stageChanged = [this](const std::string& flowId, const std::string& userId, bool runs) {
    events_.tellOwner(userId, "flow.stage", json::write(json::object{{"flowId", flowId}, {"stage", runs ? "running" : "stopped"}}));
  };
  engine_ = std::make_unique<engine::Engine>(*parts_);
  if (base::Status opened = queue_->open(); !opened) {
    return opened;
  }
  if (base::Status opened = engine_->open(); !opened) {
    return opened;
  }
  flows_ = std::make_unique<flows::Flows>(*store_, registry_, clock_, random_);
  flowVersions_ = std::make_unique<flows::FlowVersions>(*store_, *flows_, clock_, random_);
  integrations_ =
      std::make_unique<flows::Integrations>(*store_, *flows_, *engine_, *users_, random_, clock_);
  unprocessedBulk_ = std::make_unique<flows::UnprocessedBulk>(*store_, *flows_, *engine_, random_, clock_);
  flowsBulk_ = std::make_unique<flows::FlowsBulk>(
      flows::FlowsBulk::Parts{*store_, *engine_, *users_, *configuration_, random_, clock_});
  accounts_->onRemove([this](const std::string& flowId, const std::string& accountId) {
    engine::StopCause cause{engine::kStopAccountRemoved, "", "", "", "", accountId};
    return stopBySystem(flowId, std::move(cause));
  });
  accounts_->onReconnect([this](const std::vector<std::string>& flowIds) { engine_->accountReconnected(flowIds); });
  removal_->addStep([this](const std::string& userId) { return dropFlowsOf(userId); });
  removal_->addStep([this](const std::string& userId) { return accounts_->removeAllOf(userId); });
  removal_->addStep([this](const std::string& userId) { return files_->removeAllOf(userId); });
  removal_->addStep([this](const std::string& userId) {
    return store_->write([&](store::Transaction& tx) { return dataStores_->removeAllOf(tx, userId); });
  });
  return {};
}

base::Status Server::openPlugins() {
  plugins_ = std::make_unique<plugins::Plugins>(plugins::Plugins::Parts{
      *pluginRuntime_, loop_, *store_, registry_, *serviceConfiguration_, engine_->locks(), engine_->intake()});
  parts_->addListener = [this](engine::Parts::Listener listener, std::function<void(base::Status)> told) {
    plugins_->addListener(std::move(listener), std::move(told));
  };
  parts_->removeListener = [this](engine::Parts::Listener listener, std::function<void(base::Status)> told) {
    plugins_->removeListener(std::move(listener), std::move(told));
  };
  return {};
}

base::Status Server::openUpdates() {
  planner_ = std::make_unique<updates::Planner>(updates::Planner::Parts{*store_, registry_, *acl_, *configuration_});
  operations_ = std::make_unique<updates::Operations>(
      updates::Rollout::Parts{*store_, registry_, *bundles_, *maker_, *planner_, *engine_, *outbox_, *configuration_, clock_,
                              publicUrl_},
      random_);
  lifecycle_ = std::make_unique<updates::Lifecycle>(
      updates::Lifecycle::Parts{registry_, *catalogues_, *planner_, *operations_});
  flowUpgrade_ = std::make_unique<updates::FlowUpgrade>(
      updates::FlowUpgrade::Parts{*store_, registry_, *flows_, *engine_, *operations_, *acl_});
  trash_ = std::make_unique<updates::Trash>(updates::Trash::Parts{*store_, registry_, *bundles_, clock_});
  return {};
}

// Now and every few hours.
void Server::emptyTrash() {
  boost::asio::post(background_, [this] { trash_->empty(); });
  loop_.post([this] { loop_.after(kBetweenEmptying, [this] { emptyTrash(); }); });
}

base::Status Server::stopBySystem(const std::string& flowId, engine::StopCause cause) {
  std::promise<base::Status> stopped;
  engine_->stopBySystem(flowId, std::move(cause), [&stopped](base::Status status) { stopped.set_value(std::move(status)); });
  return stopped.get_future().get();
}

base::Status Server::dropFlowsOf(const std::string& userId) {
  auto caller = users_->callerFor(userId);
  std::vector<store::FlowRecord> flows;
  const base::Status read = store_->read([&](store::Transaction& tx) { flows = tx.flows().byUser(userId); });
  if (!read || !caller) {
    return read;
  }
  for (const store::FlowRecord& flow : flows) {
    if (base::Status stopped = stopBySystem(flow.flowId, {engine::kStopUserRemoved, "", "", "", "", ""}); !stopped) {
      return stopped;
    }
    std::promise<base::Status> dropped;
    engine_->dropFlow(flow.flowId, [&dropped](base::Status status) { dropped.set_value(std::move(status)); });
    base::Status status = dropped.get_future().get();
    if (status) {
      status = flows_->remove(**caller, flow.flowId);
    }
    if (!status) {
      return status;
    }
  }
  return {};
}

base::Status Server::openHttp() {
  if (base::Status added = addRoutes(); !added) {
    return added;
  }
  pipeline_ = std::make_unique<http::Pipeline>(*gate_, *acl_, *disk_);
  http::ServerOptions httpOptions;
  httpOptions.address = options_.address;
  httpOptions.port = options_.port;
  http_ = std::make_unique<http::Server>(router_, *pipeline_, http::configuredLimits(*configuration_), httpOptions);
  addMetrics();
  addHealthChecks();
  loopThread_ = std::thread([this] { runLoop(); });
  outboundThread_ = std::thread([this] { outboundLoop_.run(); });
  courier_->begin();
  loop_.post([this] {
    engine_->begin();
    plugins_->begin();
  });
  if (base::Status resumed = operations_->resume(); !resumed) {
    return resumed;
  }
  emptyTrash();
  if (base::Status resumed = removal_->resume(); !resumed) {
    return resumed;
  }
  if (base::Status resumed = integrations_->resume(); !resumed) {
    return resumed;
  }
  if (base::Status resumed = unprocessedBulk_->resume(); !resumed) {
    return resumed;
  }
  if (base::Status resumed = flowsBulk_->resume(); !resumed) {
    return resumed;
  }
  return http_->start();
}

void Server::runLoop() { loop_.run(); }

void Server::close() {
  if (!loopThread_.joinable()) {
    return;
  }
  packages_->stop();
  inspector_->stop();
  operations_->end();
  integrations_->end();
  flowsBulk_->end();
  std::promise<void> drained;
  loop_.post([&] {
    engine_->close(kDrain, [this, &drained] {
      plugins_->close();
      drained.set_value();
    });
  });
  drained.get_future().wait();
  http_->stop();
  removal_.reset();
  unprocessedBulk_->end();
  background_.join();
  loop_.stop();
  loopThread_.join();
  courier_->close();
  outboundLoop_.stop();
  outboundThread_.join();
  const base::Status last = store_->write([](store::Transaction&) { return base::Status(); });
  if (!last) {  // what it waits for are the units before it, whose callbacks name the rooms that go now
    spdlog::error("the last commit failed: {}", last.error().message);
  }
}

}  // namespace patchbay::app
