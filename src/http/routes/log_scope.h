// Whose records of the flows' log, and counts of messages, a caller may see.
#pragma once

#include "access/caller.h"
#include "flows/flows.h"
#include "insights/flow_scope.h"

namespace patchbay::http {

// Own records are seen by their user id, so that the log of a removed flow stays readable for its
// owner.
base::Result<insights::LogScope> logScopeOf(flows::Flows& flows, const access::Caller& caller);

}  // namespace patchbay::http
