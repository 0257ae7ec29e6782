#include "engine/dispatcher.h"

namespace patchbay::engine {

namespace {
// So many messages that fail without a call (their connector is missing) would keep the loop from its sockets.
constexpr int kClaimsATurn = 64;
constexpr base::Millis kReadAgain{1000};
const std::string kFailing = "failing";  // what lanes of missing components wait for
}  // namespace

Dispatcher::Dispatcher(Parts& parts, FlowDirectory& flows, Attempts& attempts, QuotaGate& quota,
                       const MessageLifetime& lifetime, Delivery& delivery, Completion& completion)
    : parts_(parts),
      flows_(flows),
      attempts_(attempts),
      quota_(quota),
      lifetime_(lifetime),
      delivery_(delivery),
      completion_(completion),
      failing_(parts.loop, [this] { parts_.queue.unblock(kFailing); }) {
  parts_.runtime.onCapacity([this](const std::string& revision) {
    parts_.queue.unblock(revision);
  });
}

void Dispatcher::wake() {
  if (!woken_ && !closed_) {
    woken_ = true;
    parts_.loop.post([this] { pump(); });
  }
}

void Dispatcher::pump() {
  woken_ = false;
  const queue::Gate gate = [this](const queue::Message& message, std::string& waitsFor) {
    return mayTake(message, waitsFor);
  };
  for (int claims = 0; !closed_; ++claims) {
    if (claims == kClaimsATurn) {
      wake();
      return;
    }
    queue::MessagePtr message = parts_.queue.claim(gate);
    if (message == nullptr) {
      return;
    }
    take(std::move(message));
  }
}

bool Dispatcher::mayTake(const queue::Message& message, std::string& waitsFor) {
  const FlowEntry* entry = flows_.find(message.flowId);
  if (entry == nullptr) {
    return true;  // taken to be dropped
  }
  const bool lifecycle = message.wake == queue::Wake::kStart || message.wake == queue::Wake::kStop;
  if (!lifecycle && entry->stage != Stage::kRunning) {
    waitsFor = flowGate(message.flowId);
    return false;
  }
  const auto flow = flows_.flow(message.flowId);
  if (flow == nullptr) {
    waitsFor = unreadable(message.flowId);
    return false;
  }
  const RunningNode* node = flow->find(message.componentId);
  if (node == nullptr) {
    return true;
  }
  if (!node->found) {
    waitsFor = kFailing;
    return lifecycle || failing_.mayFail();
  }
  if (parts_.runtime.capacity(*node->found.revision->worker) == 0) {
    waitsFor = node->found.revision->id;
    return false;
  }
  return message.runId != entry->runId || quota_.mayTake(message, *flow, *node, waitsFor);
}

// It runs, and the store cannot say how: its messages wait until it can.
std::string Dispatcher::unreadable(const std::string& flowId) {
  std::string gate = "unreadable:" + flowId;
  if (unreadable_.insert(flowId).second) {
    parts_.loop.after(kReadAgain, [this, flowId, gate] {
      unreadable_.erase(flowId);
      parts_.queue.unblock(gate);
    });
  }
  return gate;
}

void Dispatcher::take(queue::MessagePtr message) {
  const FlowEntry* entry = flows_.find(message->flowId);
  const auto flow = entry == nullptr ? nullptr : flows_.flow(message->flowId);
  if (flow == nullptr || message->runId != entry->runId) {
    completion_.drop(message);
    return;
  }
  const RunningNode* node = flow->find(message->componentId);
  if (node == nullptr) {
    completion_.buryGone(message, *flow);
    return;
  }
  auto attempt = std::make_shared<Attempt>();
  attempt->message = std::move(message);
  attempt->flow = flow;
  attempt->node = node;
  if (lifetime_.isOver(*attempt->message, base::toMillis(parts_.clock.now()))) {
    attempts_.add(attempt);
    completion_.notStarted(attempt, lifetime_.outcome());
    return;
  }
  if (!quota_.take(*attempt)) {
    return;
  }
  attempts_.add(attempt);
  deliver(attempt);
}

// A call that counts against a quota is made after the commit that says so: a restart must not forget it.
void Dispatcher::deliver(const AttemptPtr& attempt) {
  if (attempt->quota == nullptr) {
    delivery_.deliver(attempt);
    return;
  }
  quota_.whenCounted([this, attempt](const base::Status& status) {
    if (attempt->fenced) {
      return;
    }
    if (status) {
      delivery_.deliver(attempt);
    } else {
      completion_.notStarted(attempt, Outcome::make(OutcomeKind::kUnavailable, "QuotaError", status.error().message,
                                                    base::codeText(status.error().code)));
    }
  });
}

}  // namespace patchbay::engine
