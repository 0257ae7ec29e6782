// Scopes kept for callbacks: a component that gave out a correlated webhook URL goes on with the scope it had (R3, component-runtime §6).
//
// Rows in the state table, owner "w:<flowId>:<componentId>", key = correlation id; copies, so they outlive the trace. Kept until the run ends.
// Threads: make() on the engine loop; write() inside a unit.
#pragma once

#include <memory>
#include <string>

#include "engine/attempt.h"
#include "queue/message_queue.h"
#include "store/store.h"

namespace patchbay::engine {

// A unit that saves the attempt's scope under its correlation id.
store::Unit saveScope(const Attempt& attempt, std::int64_t now);
// The scope saved for this call, with new payloads that are added to `emission`; an empty scope when there is none. Fails when the store
// cannot say: without its scope the path would go on with nothing of what came before.
base::Result<queue::ScopePtr> loadScope(store::Store& store, queue::MessageQueue& queue, const std::string& flowId,
                          const std::string& componentId, const std::string& correlationId, queue::Emission& emission);

}  // namespace patchbay::engine
