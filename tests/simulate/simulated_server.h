// One life of a server, from its start to its stop or a power failure: the real store, queue and
// engine with the rooms they need, over simulated threads, a lossy disk and a scripted worker.
// Built and taken down in the order of app::Server.
//
// Threads: one. Ownership: its Surroundings outlive it. Work of it that the scheduler still holds
// must be dropped before it goes.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "access/acl.h"
#include "access/system_configuration.h"
#include "access/tokens.h"
#include "access/users.h"
#include "accounts/accounts.h"
#include "base/disk_reserve.h"
#include "base/metrics.h"
#include "connectors/registry.h"
#include "datastores/data_stores.h"
#include "engine/engine.h"
#include "files/file_store.h"
#include "insights/flow_log.h"
#include "queue/message_queue.h"
#include "scheduler.h"
#include "scripted_worker.h"
#include "store/store.h"
#include "system_webhooks/outbox.h"
#include "webhooks/reply_desk.h"

namespace patchbay::simulate {

// What a process has once, for all worlds: parts of the server that are not simulated and have
// nothing to do.
struct Idle {
  Idle();
  ~Idle();
  Idle(const Idle&) = delete;
  Idle& operator=(const Idle&) = delete;

  std::filesystem::path folder;                // the lock of the data folder, and no files of users
  boost::asio::thread_pool background{1};      // no scripted component asks for files
  std::unique_ptr<insights::FlowLog> flowLog;  // drops all records
};

// What a server stands on, and keeps when it dies.
struct Surroundings {
  Idle& idle;
  SimulatedClock& clock;
  SimulatedExecutor& loop;
  SimulatedExecutor& commits;
  Ledger& ledger;
  std::uint64_t seed = 0;
  SeededRandom random;
  bool acknowledgesEarly = false;  // the planted bug
};

class SimulatedServer {
 public:
  // `life`: its number in this world.
  SimulatedServer(Surroundings& surroundings, std::uint64_t life);
  ~SimulatedServer();

  // An error: the disk did not let it start. The server is to be taken down then.
  // Which of the `known` connectors are installed its rows say.
  base::Status open(const std::vector<std::shared_ptr<const connectors::Revision>>& known);
  // Commits what is queued, or learns that it cannot: nothing of the store calls the rooms
  // afterwards.
  void drain();

  // One commit, then the registry, as connectors::InstalledBundles does it. An error: nothing was
  // changed; but a failed sync may have come down all the same, and the next life knows.
  base::Status install(const std::shared_ptr<const connectors::Revision>& revision);
  base::Status uninstall(const std::string& bundle);

  store::Store& store() { return *store_; }
  access::SystemConfiguration& configuration() { return *configuration_; }
  connectors::Registry& registry() { return registry_; }
  queue::MessageQueue& queue() { return *queue_; }
  engine::Engine& engine() { return *engine_; }
  ScriptedWorker& worker() { return *worker_; }
  webhooks::ReplyDesk& replies() { return *replies_; }

 private:
  base::Status openStore();
  base::Status openAccess();
  base::Status openResources();
  base::Status openConnectors(
      const std::vector<std::shared_ptr<const connectors::Revision>>& known);
  base::Status openEngine();

  // Transforms need no mapper: there are none.
  class NoMappers final : public runtime::MapperPool {
   public:
    void map(std::string, Told told) override {
      told(base::fail(base::Code::kInternal, "no mapper"));
    }
    void test(std::string, Told told) override {
      told(base::fail(base::Code::kInternal, "no mapper"));
    }
    void setModifiers(std::string) override {}
  };

  Surroundings& around_;
  SeededRandom random_;
  base::Metrics metrics_;
  base::DiskReserve disk_;  // of the real disk, and nothing is reserved
  std::unique_ptr<store::Store> sqlite_;
  std::unique_ptr<store::Store> early_;
  store::Store* store_ = nullptr;
  std::unique_ptr<access::SystemConfiguration> configuration_;
  std::unique_ptr<access::Tokens> tokens_;
  std::unique_ptr<access::Users> users_;
  std::unique_ptr<access::Acl> acl_;
  std::unique_ptr<system_webhooks::Outbox> outbox_;
  std::unique_ptr<ScriptedWorker> worker_;
  NoMappers mappers_;
  connectors::Registry registry_;
  std::unique_ptr<accounts::Sealer> sealer_;
  std::unique_ptr<accounts::ServiceConfiguration> serviceConfiguration_;
  std::unique_ptr<accounts::AuthRunner> authRunner_;
  std::unique_ptr<accounts::Accounts> accounts_;
  std::unique_ptr<files::FileStore> files_;
  std::unique_ptr<datastores::DataStores> dataStores_;
  std::unique_ptr<webhooks::ReplyDesk> replies_;
  std::unique_ptr<queue::MessageQueue> queue_;
  std::unique_ptr<engine::Parts> parts_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace patchbay::simulate
