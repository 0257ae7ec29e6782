// Chooses what is delivered next: claims from the queue what a worker can take, and hands it to the delivery.
//
// Threads: the engine loop.
#pragma once

#include <set>
#include <string>

#include "engine/attempt.h"
#include "engine/completion.h"
#include "engine/delivery.h"
#include "engine/failing_pace.h"
#include "engine/flow_directory.h"
#include "engine/message_lifetime.h"
#include "engine/parts.h"
#include "engine/quota/gate.h"

namespace patchbay::engine {

class Dispatcher {
 public:
  Dispatcher(Parts& parts, FlowDirectory& flows, Attempts& attempts, QuotaGate& quota, const MessageLifetime& lifetime,
             Delivery& delivery, Completion& completion);

  // Soon, once, however often it is asked.
  void wake();
  // No new deliveries from now on.
  void close() { closed_ = true; }

  // What a lane of this flow waits for while the flow starts or stops.
  static std::string flowGate(const std::string& flowId) { return "flow:" + flowId; }

 private:
  void pump();
  bool mayTake(const queue::Message& message, std::string& waitsFor);
  std::string unreadable(const std::string& flowId);
  void take(queue::MessagePtr message);
  void deliver(const AttemptPtr& attempt);

  Parts& parts_;
  FlowDirectory& flows_;
  Attempts& attempts_;
  QuotaGate& quota_;
  const MessageLifetime& lifetime_;
  Delivery& delivery_;
  Completion& completion_;
  FailingPace failing_;
  std::set<std::string> unreadable_;  // flows that are read again soon
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace patchbay::engine
