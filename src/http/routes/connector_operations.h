// Plans and operations on connectors: install, update, remove, roll back, restore, and their
// tickets (rest-api §29.3, §29.4; R21-R26).
#pragma once

#include "http/route.h"
#include "updates/flow_upgrade.h"
#include "updates/lifecycle.h"
#include "updates/operations.h"
#include "updates/trash.h"

namespace patchbay::http {

// All must outlive the router.
struct ConnectorOperationParts {
  updates::Lifecycle& lifecycle;
  updates::Operations& operations;
  updates::Trash& trash;
  updates::FlowUpgrade& upgrade;
};

void addConnectorOperationRoutes(Router& router, const ConnectorOperationParts& parts);

}  // namespace patchbay::http
