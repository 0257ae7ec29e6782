// Publishing a zip and removing what is installed, as connector authors' tools do (rest-api §7.4,
// §7.5, §7.7).
#pragma once

#include "access/system_configuration.h"
#include "http/route.h"
#include "updates/lifecycle.h"
#include "updates/operations.h"

namespace patchbay::http {

// All must outlive the router.
struct PublishingParts {
  updates::Lifecycle& lifecycle;
  updates::Operations& operations;
  const access::SystemConfiguration& configuration;
};

void addPublishingRoutes(Router& router, const PublishingParts& parts);

}  // namespace patchbay::http
