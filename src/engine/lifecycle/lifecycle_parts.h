// What the operations of a flow's life share (start_flow, stop_flow, restart_changed). Threads: the engine loop.
#pragma once

#include "engine/attempt.h"
#include "engine/context/locks.h"
#include "engine/chores/tick_pump.h"
#include "engine/flow_directory.h"
#include "engine/flow_records.h"
#include "engine/input_mapper.h"
#include "engine/parts.h"
#include "engine/quota/gate.h"

namespace patchbay::engine {

struct LifecycleParts {
  Parts& parts;
  FlowDirectory& flows;
  Attempts& attempts;
  Locks& locks;
  InputMapper& mapper;
  TickPump& ticks;
  FlowRecords& records;
  QuotaGate& quota;
};

// Calls start() or stop() of one component through the queue's lanes; `told` once, on the loop.
void callLifecycle(Parts& parts, const RunningFlow& flow, const RunningNode& node, queue::Wake wake,
                   std::function<void(base::Status)> told);
// Ends what is under way in this flow: outcomes of these attempts count no more, and the locks they hold are free.
void fenceFlow(const LifecycleParts& lifecycle, const std::string& flowId);
void tellStage(const Parts& parts, const std::string& flowId, const std::string& userId, bool runs);
// Components that tick.
std::vector<Polling> pollingOf(const RunningFlow& flow);

}  // namespace patchbay::engine
