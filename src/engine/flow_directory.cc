#include "engine/flow_directory.h"

#include <algorithm>

#include "base/log.h"

namespace patchbay::engine {

FlowEntry* FlowDirectory::find(const std::string& flowId) {
  const auto found = flows_.find(flowId);
  return found == flows_.end() ? nullptr : &found->second;
}

std::vector<std::string> FlowDirectory::inStage(Stage stage) const {
  std::vector<std::string> flowIds;
  for (const auto& [flowId, entry] : flows_) {
    if (entry.stage == stage) {
      flowIds.push_back(flowId);
    }
  }
  std::sort(flowIds.begin(), flowIds.end());
  return flowIds;
}

FlowEntry& FlowDirectory::put(const std::string& flowId, const std::string& userId, std::int64_t runId, Stage stage) {
  FlowEntry& entry = flows_[flowId];
  if (entry.flowId.empty()) {
    entry.flowId = flowId;
    entry.recency = recent_.end();
  }
  entry.userId = userId;
  entry.runId = runId;
  entry.stage = stage;
  return entry;
}

void FlowDirectory::touch(FlowEntry& entry) {
  if (entry.recency == recent_.end()) {
    recent_.push_front(entry.flowId);
    entry.recency = recent_.begin();
  } else {
    recent_.splice(recent_.begin(), recent_, entry.recency);
  }
  while (recent_.size() > kLoadedLimit) {
    FlowEntry& oldest = flows_.at(recent_.back());
    oldest.loaded = nullptr;
    oldest.recency = recent_.end();
    recent_.pop_back();
  }
}

void FlowDirectory::setLoaded(FlowEntry& entry, std::shared_ptr<RunningFlow> flow) {
  entry.loaded = std::move(flow);
  touch(entry);
}

std::shared_ptr<RunningFlow> FlowDirectory::flow(const std::string& flowId) {
  FlowEntry* entry = find(flowId);
  if (entry == nullptr) {
    return nullptr;
  }
  if (entry->loaded == nullptr) {
    base::Result<std::shared_ptr<RunningFlow>> loaded = base::fail(base::Code::kInternal, "not read");
    const base::Status status =
        store_.read([&](store::Transaction& tx) { loaded = loadRunningFlow(tx, ground_, flowId); });
    if (!status || !loaded) {
      spdlog::error("flow {} cannot be read: {}", flowId,
                    status ? loaded.error().message : status.error().message);
      return nullptr;
    }
    entry->loaded = *loaded;
    entry->stateful.insert((*loaded)->stateful.begin(), (*loaded)->stateful.end());
  }
  touch(*entry);
  return entry->loaded;
}

void FlowDirectory::erase(const std::string& flowId) {
  const auto found = flows_.find(flowId);
  if (found == flows_.end()) {
    return;
  }
  if (found->second.recency != recent_.end()) {
    recent_.erase(found->second.recency);
  }
  flows_.erase(found);
}

void FlowDirectory::setChangedModifiers(flows::ChangedModifiers changed) {
  ground_.changedModifiers = std::move(changed);
  forgetLoaded();
}

void FlowDirectory::forgetLoaded() {
  for (auto& [flowId, entry] : flows_) {
    if (entry.stage == Stage::kRunning) {
      entry.loaded = nullptr;
    }
  }
}

}  // namespace patchbay::engine
