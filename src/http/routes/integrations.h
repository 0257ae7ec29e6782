// Integrations (rest-api §9): the author's commands over the instances of his template. Access: who
// may write the template or draft; a ticket is read by who got it, and admins.
#pragma once

#include "flows/integrations.h"
#include "http/route.h"

namespace patchbay::http {

void addIntegrationRoutes(Router& router, flows::Integrations& integrations);

}  // namespace patchbay::http
