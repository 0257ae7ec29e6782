// The rooms of a running server, built in order and taken down in reverse. No logic: it hands parts to each other.
//
// Threads: open, run and close from the main thread. Inside: the engine loop, the loop of system webhooks, the commit
// thread, HTTP threads, background threads.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <thread>

#include "access/acl.h"
#include "access/audit.h"
#include "access/gate.h"
#include "access/login_throttle.h"
#include "access/password_codes.h"
#include "access/system_configuration.h"
#include "access/tokens.h"
#include "access/user_removal.h"
#include "access/users.h"
#include "accounts/accounts.h"
#include "accounts/auth_runner.h"
#include "accounts/sealer.h"
#include "accounts/service_configuration.h"
#include "app/layout.h"
#include "app/options.h"
#include "base/asio_executor.h"
#include "base/disk_reserve.h"
#include "base/health.h"
#include "base/metrics.h"
#include "base/process.h"
#include "base/random.h"
#include "connectors/catalogues.h"
#include "updates/flow_upgrade.h"
#include "updates/lifecycle.h"
#include "updates/operations.h"
#include "updates/planner.h"
#include "updates/trash.h"
#include "connectors/inspector.h"
#include "connectors/installed_bundles.h"
#include "connectors/package_installer.h"
#include "connectors/installed_bundles.h"
#include "connectors/revision_maker.h"
#include "connectors/registry.h"
#include "connectors/revision_maker.h"
#include "datastores/data_stores.h"
#include "engine/engine.h"
#include "files/file_store.h"
#include "flows/flow_versions.h"
#include "flows/flows.h"
#include "flows/flows_bulk.h"
#include "flows/integrations.h"
#include "flows/unprocessed_bulk.h"
#include "http/live_events.h"
#include "http/pipeline.h"
#include "http/server.h"
#include "insights/flow_log.h"
#include "outbound/client.h"
#include "plugins/plugins.h"
#include "queue/message_queue.h"
#include "runtime/node_host.h"
#include "runtime/node_mapper_pool.h"
#include "runtime/node_runtime.h"
#include "store/store.h"
#include "system_webhooks/courier.h"
#include "system_webhooks/deliveries.h"
#include "system_webhooks/outbox.h"
#include "webhooks/reply_desk.h"

namespace patchbay::app {

class Server {
 public:
  explicit Server(Options options);
  ~Server();

  // Reads everything and listens. An error says what to do; nothing keeps running then.
  base::Status open();
  const std::string& publicUrl() const { return publicUrl_; }
  // Drains and stops, within 10 s.
  void close();

 private:
  base::Status openStore();
  base::Status openAccess();
  void watchDisk();
  base::Status openSystemWebhooks();
  base::Status openRuntime();
  base::Status openConnectors();
  void openCatalogues();
  base::Status openAccounts();
  base::Status openResources();
  base::Status openEngine();
  base::Status openPlugins();
  base::Status openUpdates();
  void emptyTrash();
  base::Status openHttp();
  base::Status addRoutes();
  void addMetrics();
  void addHealthChecks();
  bool onLoop(std::function<void()> work);
  void tellCode(const access::User& user, const std::string& code, const std::string& link);
  base::Status stopBySystem(const std::string& flowId, engine::StopCause cause);
  base::Status dropFlowsOf(const std::string& userId);
  void runLoop();

  Options options_;
  std::string publicUrl_;
  Layout layout_;
  std::filesystem::path node_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  http::LiveEvents events_{random_, clock_};  // before all who tell
  base::Metrics metrics_;
  base::Health health_;
  base::AsioExecutor outboundLoop_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<base::DiskReserve> disk_;

  std::unique_ptr<access::SystemConfiguration> configuration_;
  std::unique_ptr<access::Tokens> tokens_;
  std::unique_ptr<access::Users> users_;
  std::unique_ptr<access::Audit> audit_;
  std::unique_ptr<access::Acl> acl_;
  std::unique_ptr<access::Gate> gate_;
  std::unique_ptr<access::LoginThrottle> throttle_;
  std::unique_ptr<access::PasswordCodes> codes_;
  std::unique_ptr<access::UserRemoval> removal_;

  std::unique_ptr<system_webhooks::Outbox> outbox_;
  std::unique_ptr<system_webhooks::Courier> courier_;
  std::unique_ptr<system_webhooks::Deliveries> deliveries_;
  outbound::Client outbound_;

  base::AsioExecutor loop_;
  std::unique_ptr<base::Spawner> spawner_;
  std::unique_ptr<runtime::NodeHost> host_;
  std::unique_ptr<runtime::NodeRuntime> runtime_;
  std::unique_ptr<runtime::NodeRuntime> pluginRuntime_;
  std::unique_ptr<runtime::NodeMapperPool> mappers_;

  connectors::Registry registry_;
  std::unique_ptr<connectors::InstalledBundles> bundles_;
  std::unique_ptr<connectors::NpmInstaller> packages_;
  std::unique_ptr<connectors::RuntimeInspector> inspector_;
  std::unique_ptr<connectors::RevisionMaker> maker_;
  std::unique_ptr<connectors::Catalogues> catalogues_;

  std::unique_ptr<accounts::Sealer> sealer_;
  std::unique_ptr<accounts::ServiceConfiguration> serviceConfiguration_;
  std::unique_ptr<accounts::AuthRunner> authRunner_;
  std::unique_ptr<accounts::Accounts> accounts_;

  std::unique_ptr<insights::FlowLog> flowLog_;
  std::unique_ptr<files::FileStore> files_;
  std::unique_ptr<datastores::DataStores> dataStores_;

  boost::asio::thread_pool background_{2};
  std::unique_ptr<webhooks::ReplyDesk> replies_;
  std::unique_ptr<queue::MessageQueue> queue_;
  std::unique_ptr<engine::Parts> parts_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<plugins::Plugins> plugins_;
  std::unique_ptr<flows::Flows> flows_;
  std::unique_ptr<flows::FlowVersions> flowVersions_;
  std::unique_ptr<flows::Integrations> integrations_;
  std::unique_ptr<flows::UnprocessedBulk> unprocessedBulk_;
  std::unique_ptr<flows::FlowsBulk> flowsBulk_;

  std::unique_ptr<updates::Planner> planner_;
  std::unique_ptr<updates::Operations> operations_;
  std::unique_ptr<updates::Lifecycle> lifecycle_;
  std::unique_ptr<updates::Trash> trash_;
  std::unique_ptr<updates::FlowUpgrade> flowUpgrade_;

  http::Router router_;
  std::unique_ptr<http::Pipeline> pipeline_;
  std::unique_ptr<http::Server> http_;
  std::thread loopThread_;
  std::thread outboundThread_;
};

}  // namespace patchbay::app
