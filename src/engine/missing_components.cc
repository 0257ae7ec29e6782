#include "engine/missing_components.h"

#include <algorithm>

#include "base/log.h"
#include "connectors/registry.h"
#include "queue/message_queue.h"
#include "store/flows.h"

namespace patchbay::engine {

std::string MissingComponents::revisionOf(const std::string& type) const {
  const connectors::Found found = parts_.registry.find(type);
  return found ? found.revision->id : std::string();
}

void MissingComponents::add(const std::string& type) { types_.try_emplace(type, revisionOf(type)); }

void MissingComponents::lookAgain() {
  std::vector<std::string> back;
  for (auto entry = types_.begin(); entry != types_.end();) {
    const connectors::Found found = parts_.registry.find(entry->first);
    if (found && found.component->loadError.empty() && found.revision->id != entry->second) {
      back.push_back(entry->first);
      entry = types_.erase(entry);
    } else {
      ++entry;
    }
  }
  if (!back.empty()) {
    wake(back);
  }
}

void MissingComponents::wake(const std::vector<std::string>& types) {
  std::vector<queue::MessageQueue::Instance> instances;
  const base::Status read = parts_.store.read([&](store::Transaction& tx) {
    for (store::FlowComponentRecord& row : tx.flows().allComponents()) {
      if (std::find(types.begin(), types.end(), row.type) != types.end()) {
        instances.push_back({std::move(row.flowId), std::move(row.componentId)});
      }
    }
  });
  if (!read) {
    spdlog::error("messages that wait for a connector stay until their next attempt: {}", read.error().message);
    return;
  }
  parts_.queue.makeRetriesReady(std::move(instances));
}

}  // namespace patchbay::engine
