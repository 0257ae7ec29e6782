// What a plugin asks of the server (protocol/README.md §5): state and locks of its service, its documents, views, listeners, triggers.
//
// Threads: the loop. Each call is answered once, while its plugin lives.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/executor.h"
#include "engine/context/locks.h"
#include "engine/webhook_intake.h"
#include "plugins/plugin.h"
#include "store/store.h"

namespace patchbay::plugins {

class PluginCalls {
 public:
  PluginCalls(store::Store& store, base::Executor& loop, engine::Locks& locks, engine::WebhookIntake& intake);

  void handle(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments);
  // Its plugin is down or gone: what it waits for is answered nowhere, what it holds is free.
  void forget(const Plugin& plugin);

 private:
  struct Life;
  // The way back to one call, which may outlive its plugin.
  class Back;
  using Arguments = boost::json::object;
  using Handler = std::function<void(Plugin& plugin, const Arguments& arguments, Back back)>;
  using StateWork = std::function<base::Result<std::string>(store::Transaction& tx, const std::string& owner, const Arguments& arguments)>;

  void addStates();
  void addLocks();
  void addDocuments();
  void state(const char* op, StateWork work);
  void trigger(const Arguments& arguments, const Back& back);
  void write(const Back& back, std::function<base::Result<std::string>(store::Transaction&)> work);
  void read(const Back& back, const std::function<base::Result<std::string>(store::Transaction&)>& work);

  store::Store& store_;
  base::Executor& loop_;
  engine::Locks& locks_;
  engine::WebhookIntake& intake_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::map<const Plugin*, std::shared_ptr<Life>> lives_;
};

}  // namespace patchbay::plugins
