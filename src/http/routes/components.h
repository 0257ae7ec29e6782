// Apps, components and bundles: listing and downloading (rest-api §7.1-7.3, §7.6, §7.8).
#pragma once

#include "access/acl.h"
#include "connectors/registry.h"
#include "http/route.h"

namespace patchbay::http {

// All must outlive the router.
struct ComponentParts {
  connectors::Registry& registry;
  const access::Acl& acl;
};

void addComponentRoutes(Router& router, const ComponentParts& parts);

}  // namespace patchbay::http
