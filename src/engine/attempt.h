// One delivery of a message (or a tick, start or stop) to a component, from the claim to its outcome.
//
// Threads: the engine loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/running_flow.h"
#include "queue/message.h"
#include "runtime/runtime.h"

namespace patchbay::engine {

class QuotaHold;

struct HeldLock {
  std::string name;
  std::uint64_t token = 0;
};

struct Attempt {
  queue::MessagePtr message;
  std::shared_ptr<RunningFlow> flow;
  const RunningNode* node = nullptr;  // lives in `flow`
  std::uint64_t order = 0;            // among all attempts
  runtime::CallId call = 0;           // 0 while it is being prepared
  std::int64_t calledAt = 0;          // ms; 0 = not yet
  std::string content;                // the mapped input, JSON
  std::shared_ptr<QuotaHold> quota;   // the places it occupies; null = none
  std::vector<HeldLock> locks;        // taken and not let go by it; they may have run out
  bool fenced = false;                // its outcome no longer counts
  std::uint8_t depth = 0;             // of a static call that a component asked for: how many asked before it
  std::size_t writing = 0;            // host calls of it whose commit is on its way
  std::size_t emitting = 0;           // early emissions that nobody waits for, on their way to the store
  base::Status emitted;               // the first of them that failed
  // What must not be stored before they are: host calls, the completion. Given this attempt, which they must not hold: it holds them.
  std::vector<std::function<void(const std::shared_ptr<Attempt>& attempt)>> afterEmission;

  const std::string& componentId() const { return message->componentId; }
  const connectors::Component& component() const { return *node->found.component; }
};
using AttemptPtr = std::shared_ptr<Attempt>;

// All attempts under way.
class Attempts {
 public:
  void add(const AttemptPtr& attempt);
  void started(const AttemptPtr& attempt, runtime::CallId call);
  AttemptPtr find(runtime::CallId call) const;
  void remove(const AttemptPtr& attempt);
  std::vector<AttemptPtr> ofFlow(const std::string& flowId) const;  // in the order begun
  std::size_t size() const { return byCall_.size(); }

 private:
  std::unordered_map<runtime::CallId, AttemptPtr> byCall_;
  std::unordered_map<std::string, std::map<std::uint64_t, AttemptPtr>> byFlow_;  // in the order begun
  std::uint64_t lastOrder_ = 0;
};

}  // namespace patchbay::engine
