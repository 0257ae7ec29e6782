// The prepared edit of a flow (R21): what was renamed is called by its new name in a copy of the
// flow's graph. The owner applies it by the upgrade call.
//
// Threads: pure function. What a change does not find any more is left as it is: applying it twice
// changes nothing.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "updates/plan.h"

namespace patchbay::updates {

// `graph`: the value of the flow document's key "flow". Changes without a new name are skipped.
boost::json::object migrate(boost::json::object graph, const std::vector<FlowChange>& changes);

}  // namespace patchbay::updates
