// POST /flows/:id/test: one component of a flow, run once, as server-sent events (rest-api §8.11).
// Access: who may change the flow, since the test acts by its accounts, and may use the component.
#pragma once

#include "access/acl.h"
#include "engine/component_tests.h"
#include "flows/flows.h"
#include "http/route.h"

namespace patchbay::http {

// All must outlive the router.
struct FlowTestParts {
  engine::ComponentTests& tests;
  flows::Flows& flows;
  const access::Acl& acl;
};

void addFlowTestRoute(Router& router, const FlowTestParts& parts);

}  // namespace patchbay::http
