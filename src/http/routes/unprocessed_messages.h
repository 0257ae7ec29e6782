// Unprocessed messages: list, look at, drop, put back (rest-api §21).
#pragma once

#include "flows/flows.h"
#include "flows/unprocessed_replay.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

// All must outlive the router.
void addUnprocessedMessageRoutes(Router& router, store::Store& store, flows::Flows& flows,
                                 flows::UnprocessedReplay& replay);

}  // namespace patchbay::http
