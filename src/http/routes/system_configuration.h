// System configuration (rest-api §18).
#pragma once

#include "access/audit.h"
#include "access/system_configuration.h"
#include "http/route.h"

namespace patchbay::http {

void addSystemConfigurationRoutes(Router& router, access::SystemConfiguration& configuration,
                                  access::Audit& audit);

}  // namespace patchbay::http
