// lockAcquire, lockExtend, lockRelease over Locks.
#pragma once

#include <string_view>

#include "engine/context/host_calls.h"
#include "engine/context/locks.h"

namespace patchbay::engine {

inline constexpr std::string_view kLockRelease = "lockRelease";

void addLockCalls(HostCalls& calls, Locks& locks);

}  // namespace patchbay::engine
