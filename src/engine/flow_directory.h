// Which flows run, by id. Entries are small; the graph of a flow is read when it is first needed and forgotten when long unused.
//
// Threads: the engine loop. A RunningFlow stays valid while somebody holds it.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/running_flow.h"
#include "store/store.h"

namespace patchbay::engine {

enum class Stage : std::uint8_t {
  kStarting,  // messages wait until every component has started
  kRunning,
  kUpdating,  // a newer document is taken over: messages wait, webhooks are accepted
  kStopping,
  kParked,  // stopped by an operation: webhooks are accepted and wait for its next start (R6)
};

struct FlowEntry {
  std::string flowId, userId;
  std::int64_t runId = 0;
  Stage stage = Stage::kRunning;
  std::shared_ptr<RunningFlow> loaded;  // may be null
  std::unordered_set<std::string> stateful;  // components that may have state: the others need no read before a call
  bool parks = false;       // while it is stopping: it is going to be parked
  std::size_t waiting = 0;  // webhooks accepted while it is parked
  std::list<std::string>::iterator recency;
};

class FlowDirectory {
 public:
  FlowDirectory(store::Store& store, const connectors::Registry& registry) : store_(store), ground_{registry, {}} {}

  FlowEntry* find(const std::string& flowId);
  // Its graph, read when need be. Null when it does not run or cannot be read.
  std::shared_ptr<RunningFlow> flow(const std::string& flowId);
  std::vector<std::string> inStage(Stage stage) const;  // ids, in order
  FlowEntry& put(const std::string& flowId, const std::string& userId, std::int64_t runId, Stage stage);
  void setLoaded(FlowEntry& entry, std::shared_ptr<RunningFlow> flow);
  void erase(const std::string& flowId);
  // After a connector changed: graphs are read anew with what is installed now.
  void forgetLoaded();
  // After the tenant's modifiers changed.
  void setChangedModifiers(flows::ChangedModifiers changed);
  const FlowGround& ground() const { return ground_; }
  std::size_t size() const { return flows_.size(); }

 private:
  static constexpr std::size_t kLoadedLimit = 2'000;
  void touch(FlowEntry& entry);

  store::Store& store_;
  FlowGround ground_;
  std::unordered_map<std::string, FlowEntry> flows_;
  std::list<std::string> recent_;  // of loaded ones, newest first
};

}  // namespace patchbay::engine
