#include "engine/attempt.h"

#include "engine/quota/gate.h"

namespace patchbay::engine {

void Attempts::add(const AttemptPtr& attempt) { byFlow_[attempt->message->flowId].insert(attempt); }

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
    flow->second.erase(attempt);
    if (flow->second.empty()) {
      byFlow_.erase(flow);
    }
  }
}

std::vector<AttemptPtr> Attempts::ofFlow(const std::string& flowId) const {
  const auto flow = byFlow_.find(flowId);
  return flow == byFlow_.end() ? std::vector<AttemptPtr>()
                               : std::vector<AttemptPtr>(flow->second.begin(), flow->second.end());
}

}  // namespace patchbay::engine
