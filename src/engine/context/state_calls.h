// stateGet, stateLoad, stateSet, stateUnset, stateSave, stateClear, stateInc, stateAddToSet, stateRemoveFromSet: component, flow and service
// state (component-runtime §5). All run as units on the commit thread, so that a read sees the writes asked for before it and the
// read-modify-write ones are atomic.
#pragma once

#include "engine/context/host_calls.h"
#include "engine/flow_directory.h"

namespace patchbay::engine {

void addStateCalls(HostCalls& calls, FlowDirectory& flows);

}  // namespace patchbay::engine
