// begun: the worker says that a call which counts against a quota runs now (connector-format §6).
// The one host call nobody answers.
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addQuotaCalls(HostCalls& calls);

}  // namespace patchbay::engine
