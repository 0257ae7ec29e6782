// Flows: documents, lists, clones, validation (rest-api §8.1-8.5, 8.9, 8.10), triggers' addresses
// (§10.2), and where components are used (§20.1).
#pragma once

#include <string>

#include "access/acl.h"
#include "connectors/registry.h"
#include "flows/coordinator.h"
#include "flows/flow_versions.h"
#include "flows/flows.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

// All must outlive the router.
struct FlowParts {
  flows::Flows& flows;
  flows::FlowVersions& versions;
  flows::Coordinator& coordinator;
  const connectors::Registry& registry;
  const access::Acl& acl;
  store::Store& store;
  std::string publicUrl;  // without a slash at its end
};

void addFlowRoutes(Router& router, const FlowParts& parts);

}  // namespace patchbay::http
