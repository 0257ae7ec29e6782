// lockAcquire, lockExtend, lockRelease over Locks.
#pragma once

#include "engine/context/host_calls.h"
#include "engine/context/locks.h"

namespace patchbay::engine {

void addLockCalls(HostCalls& calls, Locks& locks);

}  // namespace patchbay::engine
