// Service configuration (rest-api §17). Values in clear: clients compare what they wrote with what they read.
#pragma once

#include "access/audit.h"
#include "accounts/service_configuration.h"
#include "http/route.h"

namespace patchbay::http {

void addServiceConfigurationRoutes(Router& router, accounts::ServiceConfiguration& configuration,
                                   access::Audit& audit);

}  // namespace patchbay::http
