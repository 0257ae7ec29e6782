#include "simulated_server.h"

#include <stdlib.h>

#include <stdexcept>

#include "early_acknowledgement.h"
#include "lossy_vfs.h"
#include "store/bundles.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::simulate {

Idle::Idle() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "patchbay-simulate-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("no temporary folder: " + pattern);
  }
  folder = pattern;
  insights::FlowLogOptions options;
  options.path = ":memory:";
  options.maxQueued = 0;
  auto opened = insights::FlowLog::open(options);
  if (!opened) {
    throw std::runtime_error(opened.error().message);
  }
  flowLog = std::move(*opened);
}

Idle::~Idle() {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

SimulatedServer::SimulatedServer(Surroundings& surroundings, std::uint64_t life)
    : around_(surroundings),
      random_(surroundings.random.fork("life " + std::to_string(life))),
      disk_(surroundings.idle.folder, surroundings.clock) {
  disk_.setReserve(0);
}

SimulatedServer::~SimulatedServer() = default;

base::Status SimulatedServer::open(
    const std::vector<std::shared_ptr<const connectors::Revision>>& known) {
  for (const auto step : {&SimulatedServer::openStore, &SimulatedServer::openAccess,
                          &SimulatedServer::openResources}) {
    if (base::Status status = (this->*step)(); !status) {
      return status;
    }
  }
  const base::Status connectors = openConnectors(known);
  return connectors ? openEngine() : connectors;
}

base::Status SimulatedServer::openStore() {
  store::SqliteOptions options;
  options.folder = around_.idle.folder;
  options.vfs = LossyVfs::kName;
  options.commits = &around_.commits;
  auto opened = store::openSqlite(options);
  if (!opened) {
    return opened.error();
  }
  sqlite_ = std::move(*opened);
  store_ = sqlite_.get();
  if (around_.acknowledgesEarly) {
    early_ = std::make_unique<EarlyAcknowledgement>(*sqlite_);
    store_ = early_.get();
  }
  return {};
}

base::Status SimulatedServer::openAccess() {
  configuration_ = std::make_unique<access::SystemConfiguration>(*store_);
  tokens_ = std::make_unique<access::Tokens>(*store_, *configuration_, random_, around_.clock);
  users_ = std::make_unique<access::Users>(*store_, *configuration_, random_, around_.clock);
  acl_ = std::make_unique<access::Acl>(*store_);
  if (base::Status loaded = configuration_->load(); !loaded) {
    return loaded;
  }
  if (base::Status loaded = acl_->load(); !loaded) {
    return loaded;
  }
  return tokens_->load();
}

base::Status SimulatedServer::openResources() {
  outbox_ = std::make_unique<system_webhooks::Outbox>(*store_, *configuration_, around_.clock,
                                                      random_, metrics_);
  worker_ = std::make_unique<ScriptedWorker>(around_.loop, around_.ledger, around_.seed,
                                             random_.fork("worker"));
  auto sealer = accounts::Sealer::open(std::string(64, 'a'), {}, random_);
  if (!sealer) {
    return sealer.error();
  }
  sealer_ = std::make_unique<accounts::Sealer>(std::move(*sealer));
  serviceConfiguration_ = std::make_unique<accounts::ServiceConfiguration>(*store_, *sealer_);
  authRunner_ = accounts::makeAuthRunner(*worker_, around_.loop);
  accounts_ = std::make_unique<accounts::Accounts>(accounts::Accounts::Parts{
      *store_, registry_, *sealer_, *serviceConfiguration_, *authRunner_, random_, around_.clock});
  dataStores_ = std::make_unique<datastores::DataStores>(random_, around_.clock);
  auto files =
      files::FileStore::open(around_.idle.folder / "files", *store_, random_, around_.clock);
  if (!files) {
    return files.error();
  }
  files_ = std::move(*files);
  return serviceConfiguration_->load();
}

base::Status SimulatedServer::openConnectors(
    const std::vector<std::shared_ptr<const connectors::Revision>>& known) {
  for (const auto& revision : known) {
    registry_.add(revision);
  }
  return store_->read([this](store::Transaction& tx) {
    for (const store::RevisionRecord& row : tx.bundles().all()) {
      if (row.current) {
        registry_.setCurrent(row.id);
      }
    }
  });
}

base::Status SimulatedServer::install(const std::shared_ptr<const connectors::Revision>& revision) {
  registry_.add(revision);
  const std::int64_t now = base::toMillis(around_.clock.now());
  base::Status status = store_->write([&](store::Transaction& tx) {
    tx.bundles().insert({revision->id, revision->bundle, revision->version, "{}", now});
    tx.bundles().setCurrent(revision->bundle, revision->id, now);
    return base::Status();
  });
  if (status) {
    registry_.setCurrent(revision->id);
  }
  return status;
}

base::Status SimulatedServer::uninstall(const std::string& bundle) {
  const std::int64_t now = base::toMillis(around_.clock.now());
  base::Status status = store_->write([&](store::Transaction& tx) {
    tx.bundles().clearCurrent(bundle, now);
    return base::Status();
  });
  if (status) {
    registry_.clearCurrent(bundle);
  }
  return status;
}

base::Status SimulatedServer::openEngine() {
  replies_ = std::make_unique<webhooks::ReplyDesk>(around_.loop);
  queue_ = std::make_unique<queue::MessageQueue>(*store_, around_.loop, queue::QueueOptions{});
  parts_ = std::make_unique<engine::Parts>(engine::Parts{
      *store_,  around_.loop, around_.clock, random_,           around_.idle.background, *queue_,
      *worker_, mappers_,     registry_,     *accounts_,        *configuration_,         *acl_,
      *tokens_, *users_,      *dataStores_,  *files_,           *around_.idle.flowLog,   *replies_,
      *outbox_, metrics_,     disk_,         "http://localhost"});
  engine_ = std::make_unique<engine::Engine>(*parts_);
  if (base::Status opened = queue_->open(); !opened) {
    return opened;
  }
  if (base::Status opened = engine_->open(); !opened) {
    return opened;
  }
  around_.loop.post([this] { engine_->begin(); });
  return {};
}

void SimulatedServer::drain() {
  if (sqlite_ != nullptr) {
    (void)sqlite_->write([](store::Transaction&) { return base::Status(); });
  }
}

}  // namespace patchbay::simulate
