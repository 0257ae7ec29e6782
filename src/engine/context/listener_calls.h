// listenerAdd, listenerRemove: a component has itself called by the plugin of its service (component-runtime §7.5).
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addListenerCalls(HostCalls& calls, Parts& parts);

}  // namespace patchbay::engine
