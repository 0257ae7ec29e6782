#include "plugins/plugin_calls.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "engine/context/host_calls.h"
#include "engine/context/lock_wish.h"
#include "engine/context/state_values.h"
#include "plugins/core_views.h"
#include "plugins/documents.h"
#include "plugins/listeners.h"
#include "webhooks/envelope.h"

namespace patchbay::plugins {

namespace {

std::string lockName(const Plugin& plugin, const json::object& arguments) {
  return plugin.file().service + ":" + json::getString(arguments, "name");
}

std::map<std::string, std::string, std::less<>> headersOf(const json::object& arguments) {
  std::map<std::string, std::string, std::less<>> headers;
  for (const auto& [name, value] : json::getObject(arguments, "headers")) {
    if (value.is_string() && name != "authorization" && name != "cookie" && name != "content-length" && name != "content-type") {
      headers.emplace(std::string(name), std::string(value.get_string()));
    }
  }
  headers["content-type"] = "application/json";
  if (const std::string hostname = json::getString(arguments, "hostname"); !hostname.empty()) {
    headers["host"] = hostname;
  }
  return headers;
}

std::vector<std::pair<std::string, std::string>> queryOf(const json::object& arguments) {
  std::vector<std::pair<std::string, std::string>> query;
  for (const auto& [name, value] : json::getObject(arguments, "query")) {
    query.emplace_back(name, value.is_string() ? std::string(value.get_string()) : json::write(value));
  }
  return query;
}

std::string valueOf(const std::vector<std::pair<std::string, std::string>>& query, std::string_view name) {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? std::string() : found->second;
}

std::string replyText(const webhooks::Reply& reply) {
  const auto parsed = json::parse(reply.body, "The reply", 64);
  return json::write(json::object{{"status", reply.status}, {"headers", json::object()}, {"body", parsed ? *parsed : json::value(reply.body)}});
}

}  // namespace

// From a start of a plugin to its end: what it still waits for and holds goes with it.
struct PluginCalls::Life {
  Plugin* plugin = nullptr;  // null: over
  std::vector<engine::HeldLock> locks;
};

class PluginCalls::Back {
 public:
  Back(std::shared_ptr<Life> life, std::uint64_t q) : life_(std::move(life)), q_(q) {}
  void ok(std::string_view json = "{}") const {
    if (!isGone()) {
      life_->plugin->reply(q_, json);
    }
  }
  void fail(const base::Error& error) const { failAs(engine::hostError(error)); }
  void failAs(std::string_view err) const {
    if (!isGone()) {
      life_->plugin->replyError(q_, err);
    }
  }
  void give(const base::Result<std::string>& result) const {
    if (result) {
      ok(*result);
    } else {
      fail(result.error());
    }
  }
  bool isGone() const { return life_->plugin == nullptr; }
  Life& life() const { return *life_; }

 private:
  std::shared_ptr<Life> life_;
  std::uint64_t q_;
};

PluginCalls::PluginCalls(store::Store& store, base::Executor& loop, engine::Locks& locks, engine::WebhookIntake& intake)
    : store_(store), loop_(loop), locks_(locks), intake_(intake) {
  addStates();
  addLocks();
  addDocuments();
  handlers_["trigger"] = [this](Plugin&, const Arguments& arguments, const Back& back) { trigger(arguments, back); };
}

void PluginCalls::handle(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments) {
  auto& life = lives_[&plugin];
  if (life == nullptr) {
    life = std::make_shared<Life>(Life{&plugin, {}});
  }
  const Back back(life, q);
  const auto handler = handlers_.find(op);
  const auto document = json::parse(arguments, "The host call's arguments", 512);
  if (handler == handlers_.end()) {
    back.fail(base::fail(base::Code::kInvalid, "Host call " + std::string(op) + " is not known to this engine."));
  } else if (!document || !document->is_object()) {
    back.fail(base::fail(base::Code::kInvalid, "The arguments of host call " + std::string(op) + " are no JSON object."));
  } else {
    handler->second(plugin, document->get_object(), back);
  }
}

void PluginCalls::forget(const Plugin& plugin) {
  const auto found = lives_.find(&plugin);
  if (found == lives_.end()) {
    return;
  }
  const std::shared_ptr<Life> life = found->second;
  lives_.erase(found);
  life->plugin = nullptr;
  for (const engine::HeldLock& lock : life->locks) {
    locks_.release(lock.name, lock.token);
  }
}

// In the order asked: `work` runs on the commit thread.
void PluginCalls::write(const Back& back, std::function<base::Result<std::string>(store::Transaction&)> work) {
  const auto result = std::make_shared<base::Result<std::string>>(std::string("{}"));
  store_.submit(
      [work = std::move(work), result](store::Transaction& tx) {
        *result = work(tx);
        return *result ? base::Status() : base::Status(result->error());
      },
      [this, back, result](const base::Status& status) {
        loop_.post([back, result, status] { back.give(status ? *result : base::Result<std::string>(status.error())); });
      });
}

void PluginCalls::read(const Back& back, const std::function<base::Result<std::string>(store::Transaction&)>& work) {
  base::Result<std::string> result = std::string("{}");
  const base::Status status = store_.read([&](store::Transaction& tx) { result = work(tx); });
  back.give(status ? result : base::Result<std::string>(status.error()));
}

// All through the commit thread, as those of components: what was written before is seen.
void PluginCalls::state(const char* op, StateWork work) {
  handlers_[op] = [this, work = std::move(work)](Plugin& plugin, const Arguments& arguments, const Back& back) {
    write(back, [work, owner = "s:" + plugin.file().service, arguments](store::Transaction& tx) { return work(tx, owner, arguments); });
  };
}

void PluginCalls::addStates() {
  for (const engine::StateOp& op : engine::stateOps()) {
    state(op.name, [work = op.work](store::Transaction& tx, const std::string& owner, const Arguments& arguments) {
      return work(tx.states(), owner, arguments);
    });
  }
}

void PluginCalls::addLocks() {
  handlers_["lockAcquire"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    const std::string name = lockName(plugin, arguments);
    const engine::LockWish wish = engine::lockWish(arguments);
    locks_.acquire(name, wish.life, wish.patience, [this, back, name, tries = wish.tries](std::uint64_t token) {
      if (token == 0) {
        back.failAs(engine::lockRefused(name, tries));
      } else if (back.isGone()) {
        locks_.release(name, token);
      } else {
        back.life().locks.push_back({name, token});
        back.ok("{\"token\":" + std::to_string(token) + "}");
      }
    });
  };
  handlers_["lockExtend"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    if (locks_.extend(lockName(plugin, arguments), engine::lockToken(arguments), engine::extendedLife(arguments))) {
      back.ok();
    } else {
      back.fail(base::fail(base::Code::kConflict, "The lock is no longer held."));
    }
  };
  handlers_["lockRelease"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    const std::uint64_t token = engine::lockToken(arguments);
    locks_.release(lockName(plugin, arguments), token);
    std::erase_if(back.life().locks, [token](const engine::HeldLock& held) { return held.token == token; });
    back.ok();
  };
}

void PluginCalls::addDocuments() {
  const auto written = [](const base::Status& status) { return status ? base::Result<std::string>(std::string("{}")) : status.error(); };
  handlers_["documentsRead"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    read(back, [name = plugin.file().name, arguments](store::Transaction& tx) { return readDocuments(tx, name, arguments); });
  };
  handlers_["documentsWrite"] = [this, written](Plugin& plugin, const Arguments& arguments, const Back& back) {
    write(back, [name = plugin.file().name, arguments, written](store::Transaction& tx) { return written(writeDocuments(tx, name, arguments)); });
  };
  handlers_["documentsDrop"] = [this, written](Plugin& plugin, const Arguments& arguments, const Back& back) {
    write(back, [name = plugin.file().name, arguments, written](store::Transaction& tx) { return written(dropDocuments(tx, name, arguments)); });
  };
  handlers_["coreRead"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    read(back, [service = plugin.file().service, arguments](store::Transaction& tx) { return readCoreView(tx, service, arguments); });
  };
  handlers_["listeners"] = [this](Plugin& plugin, const Arguments& arguments, const Back& back) {
    read(back, [name = plugin.file().name, event = json::getString(arguments, "eventName")](store::Transaction& tx) {
      return base::Result<std::string>(listenersOf(tx, name, event));
    });
  };
}

// As a call of the component's webhook from outside would be. Whether it is taken does not hang on the component having one.
void PluginCalls::trigger(const Arguments& arguments, const Back& back) {
  engine::WebhookCall call;
  call.flowId = json::getString(arguments, "flowId");
  call.componentId = json::getString(arguments, "componentId");
  const auto query = queryOf(arguments);
  call.correlationId = valueOf(query, "correlationId");
  call.inPort = valueOf(query, "correlationInPort");
  call.enqueueOnly = valueOf(query, "enqueueOnly") == "true";
  call.byPlugin = true;
  const json::value* data = json::find(arguments, "data");
  const std::string body = data == nullptr ? "" : json::write(*data);
  const std::string method = json::getString(arguments, "method", "POST");
  auto envelope = webhooks::makeEnvelope({method, query, headersOf(arguments), body});
  if (!envelope) {
    back.fail(envelope.error());
    return;
  }
  call.envelope = std::move(*envelope);
  intake_.accept(std::move(call), [back](const webhooks::Reply& reply) {
    if (reply.status < 400) {
      back.ok(replyText(reply));
      return;
    }
    const auto parsed = json::parse(reply.body, "The reply", 64);
    const std::string message = parsed && parsed->is_object() ? json::getString(parsed->get_object(), "message") : reply.body;
    back.failAs(json::write(json::object{{"name", "TriggerError"}, {"message", message}, {"statusCode", reply.status}}));
  });
}

}  // namespace patchbay::plugins
