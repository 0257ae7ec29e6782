// setTimeout, clearTimeout: durable one-shot timers (component-runtime §7.3). A timer is a scheduled message of its trace.
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addTimerCalls(HostCalls& calls, Parts& parts);

}  // namespace patchbay::engine
