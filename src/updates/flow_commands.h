// Gives one command to many flows, some at a time, and waits for all of them.
//
// Threads: any but the engine loop's; forEach blocks. `ended` is called on the calling thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace patchbay::updates {

using FlowCommand =
    std::function<void(const std::string& flowId, std::function<void(base::Status)> told)>;
using FlowEnded = std::function<void(const std::string& flowId, const base::Status& status)>;

// `mayGoOn`: asked before each is begun; false leaves out the rest. What was begun is waited for.
void forEachFlow(const std::vector<std::string>& flowIds, std::size_t atOnce,
                 const FlowCommand& command, const FlowEnded& ended,
                 const std::function<bool()>& mayGoOn);

}  // namespace patchbay::updates
