// Turns what a component sent into messages for those who are linked to its out ports (flow-format §5).
//
// Threads: the engine loop.
#pragma once

#include <span>
#include <string_view>

#include "engine/attempt.h"
#include "engine/flow_records.h"
#include "engine/parts.h"
#include "queue/message_queue.h"
#include "runtime/runtime.h"

namespace patchbay::engine {

class Emitter {
 public:
  Emitter(Parts& parts, FlowRecords& records) : parts_(parts), records_(records) {}

  // Adds to `emission`. A port that nothing is linked to stores nothing.
  void send(const Attempt& attempt, const runtime::Send& send, queue::Emission& emission);
  queue::Emission sends(const Attempt& attempt, std::span<const runtime::Send> sends);
  bool linked(const Attempt& attempt, std::string_view outPort) const;

 private:
  void setTrace(queue::Message& parent, queue::Message& message) const;
  queue::ScopePtr scopeOf(const Attempt& attempt, const runtime::Send& send, const queue::PayloadPtr& payload,
                          queue::Emission& emission);

  Parts& parts_;
  FlowRecords& records_;
};

}  // namespace patchbay::engine
