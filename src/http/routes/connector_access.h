// Access to one connector, rules for all that are installed, and the roles there are (rest-api
// §29.5, rulings R26). All of it is /acl/components seen another way.
#pragma once

#include "access/acl.h"
#include "access/audit.h"
#include "access/users.h"
#include "connectors/registry.h"
#include "http/route.h"

namespace patchbay::http {

// All must outlive the router.
struct ConnectorAccessParts {
  access::Acl& acl;
  access::Users& users;
  access::Audit& audit;
  const connectors::Registry& registry;
};

void addConnectorAccessRoutes(Router& router, const ConnectorAccessParts& parts);

}  // namespace patchbay::http
