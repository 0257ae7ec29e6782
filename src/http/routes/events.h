// GET /events: what happens, as server-sent events, each with a JSON document. POST /events/ticket for clients that cannot send a
// header (rest-api §29.6).
//
// connector.operation: an operation as docs/formats/operation.md has it, at each step. connector.installed | updated | removed
// {"name", "version"}: after it. catalogue.refreshed {}. All three for admins. components.changed {}: what can be used in flows is no
// longer the same; for everybody. flow.stage {"flowId", "stage"}: for the flow's owner and admins.
#pragma once

#include "http/live_events.h"
#include "http/route.h"
#include "updates/operations.h"

namespace patchbay::http {

void addEventRoutes(Router& router, LiveEvents& events);

// Tells of every operation, until it is destroyed; `events` must live as long.
void tellOfOperations(updates::Operations& operations, LiveEvents& events);

}  // namespace patchbay::http
