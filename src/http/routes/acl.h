// Access rules (rest-api §6).
#pragma once

#include "access/acl.h"
#include "access/audit.h"
#include "connectors/registry.h"
#include "http/route.h"

namespace patchbay::http {

void addAclRoutes(Router& router, access::Acl& acl, const connectors::Registry& registry,
                  access::Audit& audit);

}  // namespace patchbay::http
