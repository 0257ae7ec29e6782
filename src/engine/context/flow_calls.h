// stopFlow and callToken: a component stops its own flow, or calls our API as the flow's owner (component-runtime §8.6, §8.9).
#pragma once

#include <functional>
#include <string>

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addFlowCalls(HostCalls& calls, Parts& parts, std::function<void(const std::string& flowId)> stopFlow);

}  // namespace patchbay::engine
