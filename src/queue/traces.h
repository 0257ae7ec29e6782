// Traces in memory: how many messages of each, and of each flow, are alive, and which payloads they may name.
//
// Threads: the engine loop only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "queue/message.h"

namespace patchbay::queue {

class Traces {
 public:
  void enter(MessageId trace, std::string_view flowId);
  void addPayload(MessageId trace, PayloadId payload);
  // One message less. When it was the last one, the trace is gone and its payloads are appended to `ended`; true then.
  bool leave(MessageId trace, std::vector<PayloadId>& ended);
  // Takes back an enter() whose commit failed.
  void undo(MessageId trace);
  // Forgets all traces of a flow; their payloads are appended.
  std::vector<MessageId> eraseFlow(std::string_view flowId, std::vector<PayloadId>& ended);
  std::string flowOf(MessageId trace) const;  // empty when there is no such trace
  bool has(MessageId trace) const { return traces_.contains(trace); }
  std::int64_t live() const { return live_; }
  std::int64_t liveOf(const std::string& flowId) const;
  // The flow with the most; empty when nothing is alive.
  std::string largestFlow() const;

 private:
  using FlowCounts = std::unordered_map<std::string, std::int64_t>;  // flow → its live messages
  struct Trace {
    FlowCounts::value_type* flow = nullptr;
    std::int64_t live = 0;
    std::vector<PayloadId> payloads;
  };
  void take(Trace& trace, std::int64_t count);

  std::unordered_map<MessageId, Trace> traces_;
  FlowCounts flows_;
  std::int64_t live_ = 0;
};

}  // namespace patchbay::queue
