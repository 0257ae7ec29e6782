// scope._walkthrough: the links on the way to a message (component-runtime §6), derived from its scope and the graph.
//
// [{targetId, links: [{sourceId, sourceOut, targetIn}]}], the last one is the link it came over. Of branches that were joined only what
// lies on one path is listed. Capped at the last kLongestWalk. Threads: the engine loop.
#pragma once

#include <cstddef>
#include <string>

#include "engine/running_flow.h"
#include "queue/message.h"

namespace patchbay::engine {

inline constexpr std::size_t kLongestWalk = 100;

// Appends the JSON array.
void writeWalkthrough(const RunningFlow& flow, const queue::Message& message, std::string& out);

}  // namespace patchbay::engine
