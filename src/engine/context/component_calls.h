// staticCall, outputSchema, signal: what a component asks of other components (component-runtime §7.4, §8.7, §8.9).
//
// A static call runs with the account of the component that asks, on the revision it runs on itself where that has the component asked,
// and only what the flow's owner may use; it may ask others in turn, kDeepest times.
#pragma once

#include "engine/context/host_calls.h"
#include "engine/flow_directory.h"
#include "engine/static_calls.h"

namespace patchbay::engine {

void addComponentCalls(HostCalls& calls, Parts& parts, FlowDirectory& flows, StaticCalls& staticCalls);

}  // namespace patchbay::engine
