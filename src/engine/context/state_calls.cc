#include "engine/context/state_calls.h"

#include <algorithm>

#include "base/json.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {

constexpr std::size_t kDocumentBytes = 16u << 20;

base::Result<std::string> ownerOf(const Attempt& attempt, const json::object& arguments) {
  const std::string scope = json::getString(arguments, "scope", "component");
  if (scope == "component") {
    return "c:" + attempt.flow->flowId + ":" + attempt.componentId();
  }
  if (scope == "flow") {
    return "f:" + attempt.flow->flowId;
  }
  if (scope == "service") {
    return "s:" + attempt.component().service;
  }
  return base::fail(base::Code::kInvalid, "State scope \"" + scope + "\" is none of component, flow, service.");
}

std::string valueText(const json::object& arguments, std::string_view key) {
  const json::value* value = json::find(arguments, key);
  return value == nullptr ? "null" : json::write(*value);
}

base::Status checkSize(const std::string& text) {
  if (text.size() > kDocumentBytes) {
    return base::fail(base::Code::kTooLarge, "The state value is over 16 MiB. Nothing was written.");
  }
  return {};
}

// What one call needs; `reply` is written on the commit thread and read on the loop after the commit.
struct StateCall {
  std::string owner, key, value, reply = "{}";
  json::object arguments;
};
using StateCallPtr = std::shared_ptr<StateCall>;
using StateWork = std::function<base::Status(store::StateTable&, StateCall&)>;

class StateGroup {
 public:
  StateGroup(HostCalls& calls, FlowDirectory& flows) : calls_(calls), flows_(flows) {}

  void add(const char* op, bool writes, StateWork work) {
    HostCalls& calls = calls_;
    FlowDirectory& flows = flows_;
    calls_.add(op, [&calls, &flows, writes, work = std::move(work)](const json::object& arguments, Answer answer) {
      auto owner = ownerOf(answer.attempt(), arguments);
      if (!owner) {
        answer.fail(owner.error());
        return;
      }
      auto call = std::make_shared<StateCall>();
      call->owner = std::move(*owner);
      call->key = json::getString(arguments, "key");
      call->value = valueText(arguments, "value");
      call->arguments = arguments;
      if (const base::Status fits = checkSize(call->value); !fits) {
        answer.fail(fits.error());
        return;
      }
      if (writes && call->owner.starts_with("c:")) {
        if (FlowEntry* entry = flows.find(answer.attempt().flow->flowId)) {
          entry->stateful.insert(answer.attempt().componentId());
        }
      }
      calls.commit([call, work](store::Transaction& tx) { return work(tx.states(), *call); }, answer,
                   [call] { return call->reply; });
    });
  }

 private:
  HostCalls& calls_;
  FlowDirectory& flows_;
};

base::Status get(store::StateTable& states, StateCall& call) {
  const auto value = states.get(call.owner, call.key);
  call.reply = value ? "{\"found\":true,\"value\":" + *value + "}" : "{\"found\":false}";
  return {};
}

base::Status load(store::StateTable& states, StateCall& call) {
  call.reply = "{";
  for (const auto& [key, value] : states.all(call.owner)) {
    call.reply += call.reply.size() > 1 ? "," : "";
    json::writeString(key, call.reply);
    call.reply += ":" + value;
  }
  call.reply += "}";
  return {};
}

base::Status save(store::StateTable& states, StateCall& call) {
  states.clear(call.owner);
  for (const auto& [key, value] : json::getObject(call.arguments, "state")) {
    std::string text = json::write(value);
    if (base::Status fits = checkSize(text); !fits) {
      return fits;
    }
    states.put(call.owner, key, text);
  }
  return {};
}

base::Status increase(store::StateTable& states, StateCall& call) {
  const auto known = states.get(call.owner, call.key);
  const json::value old = known ? json::parseOwn(*known) : json::value(0);
  const json::value* by = json::find(call.arguments, "by");
  if (!old.is_number() || (by != nullptr && !by->is_number())) {
    return base::fail(base::Code::kInvalid, "State key \"" + call.key + "\" does not hold a number.");
  }
  const double before = old.to_number<double>();
  const double after = before + (by == nullptr ? 1 : by->to_number<double>());
  std::string text;
  json::writeNumber(after, text);
  states.put(call.owner, call.key, text);
  call.reply = "{\"value\":";
  json::writeNumber(json::getBool(call.arguments, "returnOld") ? before : after, call.reply);
  call.reply += "}";
  return {};
}

base::Status changeSet(store::StateTable& states, StateCall& call, bool adds) {
  const auto known = states.get(call.owner, call.key);
  json::value set = known ? json::parseOwn(*known) : json::value(json::array());
  if (!set.is_array()) {
    return base::fail(base::Code::kInvalid, "State key \"" + call.key + "\" does not hold a set.");
  }
  json::array& items = set.get_array();
  const json::value item = json::parseOwn(call.value);
  const auto at = std::find(items.begin(), items.end(), item);
  if (adds && at == items.end()) {
    items.push_back(item);
  } else if (!adds && at != items.end()) {
    items.erase(at);
  }
  const std::string text = json::write(set);
  states.put(call.owner, call.key, text);
  call.reply = "{\"value\":" + text + "}";
  return checkSize(text);
}

}  // namespace

void addStateCalls(HostCalls& calls, FlowDirectory& flows) {
  StateGroup group(calls, flows);
  group.add("stateGet", false, get);
  group.add("stateLoad", false, load);
  group.add("stateSet", true, [](store::StateTable& states, StateCall& call) {
    states.put(call.owner, call.key, call.value);
    return base::Status();
  });
  group.add("stateUnset", true, [](store::StateTable& states, StateCall& call) {
    states.erase(call.owner, call.key);
    return base::Status();
  });
  group.add("stateSave", true, save);
  group.add("stateClear", true, [](store::StateTable& states, StateCall& call) {
    states.clear(call.owner);
    return base::Status();
  });
  group.add("stateInc", true, increase);
  group.add("stateAddToSet", true,
            [](store::StateTable& states, StateCall& call) { return changeSet(states, call, true); });
  group.add("stateRemoveFromSet", true,
            [](store::StateTable& states, StateCall& call) { return changeSet(states, call, false); });
}

}  // namespace patchbay::engine
