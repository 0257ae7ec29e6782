// Apps, components and bundles: listing, publishing, downloading, removing (rest-api §7.1-7.8).
#pragma once

#include "access/acl.h"
#include "access/system_configuration.h"
#include "base/random.h"
#include "connectors/installed_bundles.h"
#include "connectors/publisher.h"
#include "connectors/registry.h"
#include "connectors/revision_maker.h"
#include "http/route.h"

namespace patchbay::http {

// All must outlive the router.
struct ComponentParts {
  connectors::Registry& registry;
  connectors::InstalledBundles& bundles;
  connectors::Publisher& publisher;
  connectors::RevisionMaker& maker;
  const access::Acl& acl;
  const access::SystemConfiguration& configuration;
  base::Random& random;
};

void addComponentRoutes(Router& router, const ComponentParts& parts);

}  // namespace patchbay::http
