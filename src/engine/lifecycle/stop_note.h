// What is stored of a stop while it lasts, so that one that was cut off is carried on as it was
// meant (R6, R25).
//
// Threads: inside a unit or a reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/lifecycle/stop_cause.h"
#include "engine/parts.h"
#include "store/flows.h"

namespace patchbay::engine {

// What stays of a run whose flow stops: messages are parked instead of dropped, state is kept.
struct Kept {
  bool queue = false;
  bool state = false;
  bool webhooks = false;  // are accepted all the same: an operation stops it
};

// The flow is "stopping" from now on, and whoever wants to know of a stop by the system is going to
// be told. A stop that is noted already stays as it is. Gives what the row said before; nothing: no
// such flow.
std::optional<store::FlowRecord> noteStop(Parts& parts, store::Transaction& tx,
                                          const std::string& flowId, Kept kept,
                                          const StopCause& cause);
Kept notedStop(store::Transaction& tx, const std::string& flowId);
void forgetStop(store::Transaction& tx, const std::string& flowId);

// Flows that an operation has stopped: their webhooks wait for the next start.
void noteParked(store::Transaction& tx, const std::string& flowId);
void forgetParked(store::Transaction& tx, const std::string& flowId);
std::vector<std::string> parkedFlows(store::Transaction& tx);

}  // namespace patchbay::engine
