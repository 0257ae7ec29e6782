// System webhooks for administrators: the log of deliveries, send again, test of a key (rest-api
// §26; ours).
#pragma once

#include "http/route.h"
#include "system_webhooks/deliveries.h"

namespace patchbay::http {

// Must outlive the router.
void addSystemWebhookRoutes(Router& router, system_webhooks::Deliveries& deliveries);

}  // namespace patchbay::http
