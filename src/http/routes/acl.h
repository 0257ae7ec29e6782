// Access rules (rest-api §6).
#pragma once

#include "access/acl.h"
#include "connectors/registry.h"
#include "http/route.h"

namespace patchbay::http {

void addAclRoutes(Router& router, access::Acl& acl, const connectors::Registry& registry);

}  // namespace patchbay::http
