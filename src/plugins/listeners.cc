#include "plugins/listeners.h"

#include "base/json.h"
#include "store/states.h"

namespace patchbay::plugins {

namespace {

std::string ownerOf(const std::string& plugin, const std::string& eventName) { return "l:" + plugin + ":" + eventName; }
std::string keyOf(const ListenerPlace& place) { return place.flowId + "\n" + place.componentId; }

}  // namespace

void addListener(store::Transaction& tx, const ListenerPlace& place, const std::string& params) {
  tx.states().put(ownerOf(place.plugin, place.eventName), keyOf(place), params);
}

void removeListener(store::Transaction& tx, const ListenerPlace& place) {
  tx.states().erase(ownerOf(place.plugin, place.eventName), keyOf(place));
}

std::string listenersOf(store::Transaction& tx, const std::string& plugin, const std::string& eventName) {
  json::array list;
  for (const auto& [key, params] : tx.states().all(ownerOf(plugin, eventName))) {
    const auto line = key.find('\n');
    list.push_back(json::object{{"eventName", eventName},
                                {"flowId", key.substr(0, line)},
                                {"componentId", line == std::string::npos ? std::string() : key.substr(line + 1)},
                                {"params", json::parseOwn(params)}});
  }
  return json::write(list);
}

}  // namespace patchbay::plugins
