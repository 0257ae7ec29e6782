// Start, stop, their progress, and messages put into a running flow by hand (rest-api §8.6-8.8).
#pragma once

#include "http/route.h"
#include "http/routes/flows.h"

namespace patchbay::http {

void addFlowCommandRoutes(Router& router, const FlowParts& parts);

}  // namespace patchbay::http
