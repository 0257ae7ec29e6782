// ANY /flows/:flowId/components/:componentId: the webhook address of a component (rest-api §10.1). No token needed.
//
// Query: enqueueOnly=true answers 202 after the commit; correlationId and correlationInPort (also as members of a JSON body) set the message's.
#pragma once

#include "engine/webhook_intake.h"
#include "http/route.h"

namespace patchbay::http {

void addWebhookRoutes(Router& router, engine::WebhookIntake& intake);

}  // namespace patchbay::http
