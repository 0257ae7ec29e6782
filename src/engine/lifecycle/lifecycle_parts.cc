#include "engine/lifecycle/lifecycle_parts.h"

namespace patchbay::engine {

void callLifecycle(Parts& parts, const RunningFlow& flow, const RunningNode& node, queue::Wake wake,
                   std::function<void(base::Status)> told) {
  auto message = std::make_shared<queue::Message>();
  message->wake = wake;
  message->flowId = flow.flowId;
  message->componentId = node.node->id;
  message->port = wake == queue::Wake::kStart ? "start" : "stop";
  message->runId = flow.runId;
  message->arrivedAt = base::toMillis(parts.clock.now());
  message->scope = std::make_shared<const queue::Scope>();
  message->finished = std::move(told);
  parts.queue.wake(std::move(message));
}

void fenceFlow(const LifecycleParts& lifecycle, const std::string& flowId) {
  for (const AttemptPtr& attempt : lifecycle.attempts.ofFlow(flowId)) {
    attempt->fenced = true;
    if (attempt->call != 0) {
      lifecycle.parts.runtime.cancel(attempt->call);
    }
    for (const HeldLock& lock : attempt->locks) {
      lifecycle.locks.release(lock.name, lock.token);
    }
    lifecycle.attempts.remove(attempt);
    lifecycle.parts.queue.abandon(attempt->message);
    if (attempt->message->finished) {
      attempt->message->finished(base::fail(base::Code::kConflict, "The flow was stopped meanwhile."));
    }
  }
}

void tellStage(const Parts& parts, const std::string& flowId, const std::string& userId, bool runs) {
  if (parts.stageChanged) {
    parts.stageChanged(flowId, userId, runs);
  }
}

std::vector<Polling> pollingOf(const RunningFlow& flow) {
  std::vector<Polling> polling;
  for (const auto& [componentId, node] : flow.nodes) {
    if (node.found && node.found.component->tick && node.found.component->hasTick) {
      polling.push_back({componentId, node.found.component->tickPeriodMs});
    }
  }
  return polling;
}

}  // namespace patchbay::engine
