// How many messages flows handled and how long they took (docs/formats/insights.md).
//
// GET /stats/messages (ours): any signed-in user, over his own flows and those shared with him; an admin over all.
// GET /telemetry: the caller's own flows; GET /telemetry/messages, /telemetry/flows/:flowId: admins (rest-api §19.2).
#pragma once

#include "base/clock.h"
#include "flows/flows.h"
#include "http/route.h"
#include "insights/message_statistics.h"
#include "store/store.h"

namespace patchbay::http {

// All must outlive the router.
struct MessageStatisticsParts {
  insights::MessageStatistics statistics;
  flows::Flows& flows;
  store::Store& store;
  const base::Clock& clock;
};

void addMessageStatisticsRoutes(Router& router, MessageStatisticsParts parts);

}  // namespace patchbay::http
