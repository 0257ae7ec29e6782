// response: answers the HTTP request that waits for this correlation id (component-runtime §7.2). Nobody waiting: no effect.
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addReplyCalls(HostCalls& calls, Parts& parts);
// The same, told by a completion. `arguments`: those of the host call, JSON; what is no object has no effect.
void respond(Parts& parts, const queue::Message& message, std::string_view arguments);

}  // namespace patchbay::engine
