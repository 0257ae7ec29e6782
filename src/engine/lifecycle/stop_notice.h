// Puts WEBHOOK_FLOW_STOPPED into the unit that begins a stop; it is held until the flow has stopped
// (docs/decisions/0035).
//
// Threads: inside a unit. Nobody to be told: no effect.
#pragma once

#include "engine/lifecycle/stop_cause.h"
#include "engine/parts.h"
#include "store/flows.h"

namespace patchbay::engine {

void putStopNotice(Parts& parts, store::Transaction& tx, const store::FlowRecord& flow,
                   const StopCause& cause);

}  // namespace patchbay::engine
