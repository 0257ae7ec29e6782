// GET /flows/:id/counts (ours, R26): how many messages each link of a flow carried (docs/formats/insights.md).
// Access: who may read the flow. Counted from the flow's log.
#pragma once

#include "base/clock.h"
#include "flows/flows.h"
#include "http/route.h"
#include "insights/flow_log.h"

namespace patchbay::http {

// All must outlive the router.
void addFlowCountsRoute(Router& router, insights::FlowLog& log, flows::Flows& flows,
                        const base::Clock& clock);

}  // namespace patchbay::http
