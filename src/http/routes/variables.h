// The variables that a designer offers for a flow's fields (rest-api §15). Access: who may read the
// flow. Fields that come from calls of components are asked for only for who may change it, since
// those act by its accounts, and may use the component.
#pragma once

#include "engine/source_lookups.h"
#include "http/routes/flows.h"

namespace patchbay::http {

void addVariableRoutes(Router& router, const FlowParts& parts, engine::SourceLookups& lookups);

}  // namespace patchbay::http
