#include "engine/attempt.h"

#include "engine/quota/gate.h"

namespace patchbay::engine {

void Attempts::add(const AttemptPtr& attempt) {
  attempt->order = ++lastOrder_;
  byFlow_[attempt->message->flowId].emplace(attempt->order, attempt);
}

void Attempts::started(const AttemptPtr& attempt, runtime::CallId call) {
  attempt->call = call;
  byCall_[call] = attempt;
}

AttemptPtr Attempts::find(runtime::CallId call) const {
  const auto found = byCall_.find(call);
  return found == byCall_.end() ? nullptr : found->second;
}

void Attempts::remove(const AttemptPtr& attempt) {
  byCall_.erase(attempt->call);
  if (attempt->quota != nullptr) {
    attempt->quota->end(attempt->call != 0);
  }
  const auto flow = byFlow_.find(attempt->message->flowId);
  if (flow != byFlow_.end()) {
    flow->second.erase(attempt->order);
    if (flow->second.empty()) {
      byFlow_.erase(flow);
    }
  }
}

std::vector<AttemptPtr> Attempts::ofFlow(const std::string& flowId) const {
  const auto flow = byFlow_.find(flowId);
  std::vector<AttemptPtr> attempts;
  if (flow != byFlow_.end()) {
    for (const auto& [order, attempt] : flow->second) {
      attempts.push_back(attempt);
    }
  }
  return attempts;
}

}  // namespace patchbay::engine
