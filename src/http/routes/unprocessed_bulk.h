// Retry or delete many unprocessed messages, behind a ticket (rest-api §29.7). Access: any signed-in user, for his own and shared flows;
// admins for all.
#pragma once

#include "flows/unprocessed_bulk.h"
#include "http/route.h"

namespace patchbay::http {

// `bulk` must outlive the router.
void addUnprocessedBulkRoutes(Router& router, flows::UnprocessedBulk& bulk);

}  // namespace patchbay::http
