// The components that asked to be called by a plugin (component-runtime §7.5), as rows of the state table.
//
// Threads: within a store transaction.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace patchbay::plugins {

struct ListenerPlace {
  std::string plugin, eventName, flowId, componentId;
};

void addListener(store::Transaction& tx, const ListenerPlace& place, const std::string& params);
void removeListener(store::Transaction& tx, const ListenerPlace& place);
// [{eventName, flowId, componentId, params}], JSON.
std::string listenersOf(store::Transaction& tx, const std::string& plugin, const std::string& eventName);

}  // namespace patchbay::plugins
