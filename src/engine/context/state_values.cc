#include "engine/context/state_values.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace patchbay::engine {

namespace {

using Reply = base::Result<std::string>;
using store::StateTable;

constexpr std::size_t kDocumentBytes = 16U << 20U;

std::string keyOf(const json::object& arguments) { return json::getString(arguments, "key"); }

Reply sized(const json::value& value) {
  std::string text = json::write(value);
  if (text.size() > kDocumentBytes) {
    return base::fail(base::Code::kTooLarge, "The state value is over 16 MiB. Nothing was written.");
  }
  return text;
}

json::value valueOf(const json::object& arguments) {
  const json::value* value = json::find(arguments, "value");
  return value == nullptr ? json::value(nullptr) : *value;
}

Reply get(StateTable& states, const std::string& owner, const json::object& arguments) {
  const auto value = states.get(owner, keyOf(arguments));
  return value ? "{\"found\":true,\"value\":" + *value + "}" : std::string("{\"found\":false}");
}

Reply load(StateTable& states, const std::string& owner, const json::object&) {
  std::string reply = "{";
  for (const auto& [key, value] : states.all(owner)) {
    reply += reply.size() > 1 ? "," : "";
    json::writeString(key, reply);
    reply += ":" + value;
  }
  return reply + "}";
}

Reply set(StateTable& states, const std::string& owner, const json::object& arguments) {
  const Reply text = sized(valueOf(arguments));
  if (!text) {
    return text;
  }
  states.put(owner, keyOf(arguments), *text);
  return std::string("{}");
}

Reply unset(StateTable& states, const std::string& owner, const json::object& arguments) {
  states.erase(owner, keyOf(arguments));
  return std::string("{}");
}

Reply save(StateTable& states, const std::string& owner, const json::object& arguments) {
  states.clear(owner);
  for (const auto& [key, value] : json::getObject(arguments, "state")) {
    const Reply text = sized(value);
    if (!text) {
      return text;
    }
    states.put(owner, key, *text);
  }
  return std::string("{}");
}

Reply clear(StateTable& states, const std::string& owner, const json::object&) {
  states.clear(owner);
  return std::string("{}");
}

Reply increase(StateTable& states, const std::string& owner, const json::object& arguments) {
  const std::string key = keyOf(arguments);
  const auto known = states.get(owner, key);
  const json::value old = known ? json::parseOwn(*known) : json::value(0);
  const json::value* by = json::find(arguments, "by");
  if (!old.is_number() || (by != nullptr && !by->is_number())) {
    return base::fail(base::Code::kInvalid, "State key \"" + key + "\" does not hold a number.");
  }
  const double before = old.to_number<double>();
  const double after = before + (by == nullptr ? 1 : by->to_number<double>());
  std::string text;
  json::writeNumber(after, text);
  states.put(owner, key, text);
  std::string reply = "{\"value\":";
  json::writeNumber(json::getBool(arguments, "returnOld") ? before : after, reply);
  return reply + "}";
}

Reply changeSet(StateTable& states, const std::string& owner, const json::object& arguments, bool adds) {
  const std::string key = keyOf(arguments);
  const auto known = states.get(owner, key);
  json::value set = known ? json::parseOwn(*known) : json::value(json::array());
  if (!set.is_array()) {
    return base::fail(base::Code::kInvalid, "State key \"" + key + "\" does not hold a set.");
  }
  json::array& items = set.get_array();
  const json::value item = valueOf(arguments);
  const auto at = std::find(items.begin(), items.end(), item);
  if (adds && at == items.end()) {
    items.push_back(item);
  } else if (!adds && at != items.end()) {
    items.erase(at);
  }
  const Reply text = sized(set);
  if (!text) {
    return text;
  }
  states.put(owner, key, *text);
  return "{\"value\":" + *text + "}";
}

Reply addToSet(StateTable& states, const std::string& owner, const json::object& arguments) {
  return changeSet(states, owner, arguments, true);
}

Reply removeFromSet(StateTable& states, const std::string& owner, const json::object& arguments) {
  return changeSet(states, owner, arguments, false);
}

constexpr std::array kOps = {
    StateOp{"stateGet", false, get},
    StateOp{"stateLoad", false, load},
    StateOp{"stateSet", true, set},
    StateOp{"stateUnset", true, unset},
    StateOp{"stateSave", true, save},
    StateOp{"stateClear", true, clear},
    StateOp{"stateInc", true, increase},
    StateOp{"stateAddToSet", true, addToSet},
    StateOp{"stateRemoveFromSet", true, removeFromSet},
};

}  // namespace

std::span<const StateOp> stateOps() { return kOps; }

}  // namespace patchbay::engine
