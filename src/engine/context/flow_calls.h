// stopFlow and callToken: a component stops its own flow, or calls our API as the flow's owner (component-runtime §8.6, §8.9).
#pragma once

#include <functional>
#include <string>

#include "engine/context/host_calls.h"
#include "engine/lifecycle/stop_cause.h"

namespace patchbay::engine {

void addFlowCalls(HostCalls& calls, Parts& parts, std::function<void(const std::string& flowId, StopCause cause)> stopFlow);

}  // namespace patchbay::engine
