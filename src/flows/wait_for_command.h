// Gives a command over a flow's life and waits for its end, on the caller's thread.
//
// Threads: any but the engine loop's and the commit thread. Errors: the command's; kUnavailable
// when it takes longer than five minutes: it goes on.
#pragma once

#include <functional>

#include "flows/coordinator.h"

namespace patchbay::flows {

base::Status waitForCommand(const std::function<void(Coordinator::Told)>& command);

}  // namespace patchbay::flows
