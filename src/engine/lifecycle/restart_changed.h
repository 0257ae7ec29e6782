// A running flow goes on with a newer document under the same run id: changed and removed components are stopped with the old one, changed
// and new ones started with the new one (rest-api §8.4 forceUpdate; R6). Messages and state of unchanged components stay.
//
// Threads: the engine loop.
#pragma once

#include <functional>
#include <string>

#include "engine/lifecycle/lifecycle_parts.h"

namespace patchbay::engine {

void restartChanged(LifecycleParts& lifecycle, const std::string& flowId, bool dropMessages,
                    std::function<void(base::Status)> told);

}  // namespace patchbay::engine
