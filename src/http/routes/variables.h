// The variables that a designer offers for a flow's fields (rest-api §15). Access: who may read the
// flow.
#pragma once

#include "http/routes/flows.h"

namespace patchbay::http {

void addVariableRoutes(Router& router, const FlowParts& parts);

}  // namespace patchbay::http
