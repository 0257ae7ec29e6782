// Versions of flows (rest-api §8.12), of the owner and admins only.
#pragma once

#include "http/routes/flows.h"

namespace patchbay::http {

void addFlowVersionRoutes(Router& router, const FlowParts& parts);

}  // namespace patchbay::http
