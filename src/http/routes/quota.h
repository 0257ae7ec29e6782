// Quotas: the rules that connectors ship and what an admin writes in their place (rest-api §24).
// Admins only.
#pragma once

#include "engine/quota/definitions.h"
#include "http/route.h"

namespace patchbay::http {

void addQuotaRoutes(Router& router, engine::QuotaDefinitions& quotas);

}  // namespace patchbay::http
