#include "engine/lifecycle/stop_flow.h"

#include "base/log.h"
#include "engine/dispatcher.h"
#include "store/datastores.h"
#include "store/states.h"
#include "store/webhook_deliveries.h"
#include "system_webhooks/outbox.h"

namespace patchbay::engine {

namespace {
constexpr base::Millis kDrainPoll{20};
constexpr std::int64_t kDrainMillis = 30'000;
}  // namespace

void StopFlow::run(LifecycleParts& parts, const std::string& flowId, Kept kept, Told told, StopCause cause) {
  std::shared_ptr<StopFlow> operation(new StopFlow(parts, flowId, kept, std::move(told), std::move(cause)));
  operation->begin();
}

StopFlow::StopFlow(LifecycleParts& lifecycle, std::string flowId, Kept kept, Told told, StopCause cause)
    : lifecycle_(lifecycle),
      parts_(lifecycle.parts),
      flowId_(std::move(flowId)),
      kept_(kept),
      told_(std::move(told)),
      cause_(std::move(cause)) {}

void StopFlow::end(base::Status status) { told_(std::move(status)); }

void StopFlow::begin() {
  flow_ = lifecycle_.flows.flow(flowId_);
  FlowEntry* entry = lifecycle_.flows.find(flowId_);
  if (entry == nullptr) {
    end(base::Status());
    return;
  }
  entry->stage = Stage::kStopping;
  entry->parks = kept_.webhooks;
  userId_ = entry->userId;
  runId_ = entry->runId;
  lifecycle_.ticks.remove(flowId_);
  if (!kept_.webhooks) {
    fenceFlow(lifecycle_, flowId_);
  }
  const auto self = shared_from_this();
  parts_.store.submit(
      [self](store::Transaction& tx) {
        if (const auto record = noteStop(self->parts_, tx, self->flowId_, self->kept_, self->cause_)) {
          self->started_ = record->started;
        }
        return base::Status();
      },
      [self](base::Status status) {
        self->parts_.loop.post([self, status = std::move(status)] {
          if (!status) {
            spdlog::error("the stop of flow {} could not be noted, it goes on: {}", self->flowId_, status.error().message);
          }
          self->fence();
        });
      });
}

void StopFlow::fence() {
  if (kept_.webhooks) {
    drain(parts_.clock.now() + parts_.configuration.millis("CONNECTOR_STOP_PATIENCE", kDrainMillis));
  } else {
    stopComponents();
  }
}

// What an operation interrupts may end by itself first.
void StopFlow::drain(base::Time until) {
  if (lifecycle_.attempts.ofFlow(flowId_).empty() || parts_.clock.now() >= until) {
    fenceFlow(lifecycle_, flowId_);
    stopComponents();
    return;
  }
  parts_.loop.after(kDrainPoll, [self = shared_from_this(), until] { self->drain(until); });
}

void StopFlow::stopComponents() {
  waiting_ = 1;
  const auto self = shared_from_this();
  if (flow_ != nullptr) {
    for (const auto& [componentId, node] : flow_->nodes) {
      if (node.found && node.found.component->hasStop && node.found.component->loadError.empty()) {
        ++waiting_;
        callLifecycle(parts_, *flow_, node, queue::Wake::kStop, [self](const base::Status&) { self->componentStopped(); });
      }
    }
  }
  componentStopped();
}

void StopFlow::componentStopped() {
  if (--waiting_ == 0) {
    persistStopped();
  }
}

void StopFlow::clear(store::Transaction& tx) const {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  tx.flows().setStage(flowId_, "stopped", runId_, started_, now);
  forgetStop(tx, flowId_);
  tx.webhookDeliveries().release(flowId_, now);
  auto pins = tx.flows().pins(flowId_);
  std::erase_if(pins, [](const store::FlowPinRecord& pin) { return !pin.sideBySide; });
  tx.flows().setPins(flowId_, pins);
  tx.dataStores().eraseListeners(flowId_);
  tx.states().clear("p:" + flowId_);
  if (kept_.webhooks) {
    noteParked(tx, flowId_);
  }
  if (kept_.state) {
    return;
  }
  tx.states().clear("f:" + flowId_);
  tx.states().clearPrefix("w:" + flowId_ + ":");
  if (flow_ == nullptr) {
    return;
  }
  for (const auto& [componentId, node] : flow_->nodes) {
    if (!(node.found && node.found.component->persistentState)) {
      tx.states().clear("c:" + flowId_ + ":" + componentId);
    }
  }
}

void StopFlow::persistStopped() {
  const auto self = shared_from_this();
  const store::Unit unit = [self](store::Transaction& tx) {
    self->clear(tx);
    return base::Status();
  };
  const auto stopped = [self](const base::Status&) {
    self->lifecycle_.flows.erase(self->flowId_);
    if (self->kept_.webhooks) {
      self->lifecycle_.flows.put(self->flowId_, self->userId_, self->runId_, Stage::kParked);
    }
    self->parts_.queue.unblock(Dispatcher::flowGate(self->flowId_));
    self->lifecycle_.records.flow(self->flowId_, self->userId_, "Flow stopped.");
    tellStage(self->parts_, self->flowId_, self->userId_, false);
    self->parts_.outbox.wake();
    self->end(base::Status());
  };
  if (kept_.queue) {  // who waits for a quota keeps his turn
    parts_.queue.parkFlow(flowId_, unit, stopped);
  } else {
    lifecycle_.quota.forgetFlow(flowId_);
    parts_.queue.dropFlow(flowId_, unit, stopped);
  }
}

}  // namespace patchbay::engine
