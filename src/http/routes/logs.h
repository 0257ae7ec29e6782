// Searching the flows' log (rest-api §19.1). Access: any signed-in user, over his own flows and those shared with him; an admin over all.
#pragma once

#include "base/clock.h"
#include "flows/flows.h"
#include "http/route.h"
#include "insights/flow_log.h"

namespace patchbay::http {

// All must outlive the router.
void addLogRoutes(Router& router, insights::FlowLog& log, flows::Flows& flows, const base::Clock& clock);

}  // namespace patchbay::http
