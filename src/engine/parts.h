// What the parts of the engine are built on. `app` makes them and keeps them alive longer than the engine.
//
// Threads: the engine's own code runs on `loop`; `background` runs blocking work (files, data stores) and posts back.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/disk_reserve.h"
#include "base/executor.h"
#include "base/metrics.h"
#include "base/random.h"
#include "connectors/registry.h"
#include "queue/message_queue.h"
#include "runtime/runtime.h"
#include "store/store.h"

namespace patchbay::accounts {
class Accounts;
}
namespace patchbay::access {
class Acl;
class Tokens;
class Users;
}  // namespace patchbay::access
namespace patchbay::datastores {
class DataStores;
}
namespace patchbay::files {
class FileStore;
}
namespace patchbay::insights {
class FlowLog;
}
namespace patchbay::system_webhooks {
class Outbox;
}
namespace patchbay::webhooks {
class ReplyDesk;
}

namespace patchbay::engine {

struct Parts {
  store::Store& store;
  base::Executor& loop;
  base::Clock& clock;
  base::Random& random;
  boost::asio::thread_pool& background;
  queue::MessageQueue& queue;
  runtime::Runtime& runtime;
  runtime::MapperPool& mappers;
  connectors::Registry& registry;
  accounts::Accounts& accounts;
  access::SystemConfiguration& configuration;
  access::Acl& acl;
  access::Tokens& tokens;
  access::Users& users;
  datastores::DataStores& dataStores;
  files::FileStore& files;
  insights::FlowLog& flowLog;
  webhooks::ReplyDesk& replies;
  system_webhooks::Outbox& outbox;
  base::Metrics& metrics;
  base::DiskReserve& disk;
  std::string publicUrl;  // without trailing slash (R32)
  // Told on the loop after a flow runs, or has stopped. Must be short. May be empty.
  std::function<void(const std::string& flowId, const std::string& userId, bool runs)> stageChanged = {};
  // Whom the plugin of a component's service calls (component-runtime §7.5). On the loop; `told` once, on the loop.
  struct Listener {
    std::shared_ptr<const connectors::Revision> revision;
    std::string module;  // vendor/service/module of the component
    std::string flowId, componentId, eventName;
    std::string params;  // JSON
  };
  std::function<void(Listener listener, std::function<void(base::Status)> told)> addListener = {};
  std::function<void(Listener listener, std::function<void(base::Status)> told)> removeListener = {};
};

}  // namespace patchbay::engine
