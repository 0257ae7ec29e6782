// Many flows started or stopped at once (rest-api §29.7).
#pragma once

#include "flows/flows_bulk.h"
#include "http/route.h"

namespace patchbay::http {

void addFlowsBulkRoutes(Router& router, flows::FlowsBulk& bulk);

}  // namespace patchbay::http
