// response: answers the HTTP request that waits for this correlation id (component-runtime §7.2). Nobody waiting: no effect.
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addReplyCalls(HostCalls& calls, Parts& parts);

}  // namespace patchbay::engine
