// GET /metrics and GET /health: the server's own state, for machines and for people
// (docs/decisions/0038).
//
// /metrics: an admin's token, or the text of the configuration key METRICS_TOKEN as bearer token.
// /health: open, because probes have no token: `status` and the codes of what is wrong; an admin
// reads the words too. 503 when the server cannot do its work ("failing"), 200 when it can ("ok",
// "degraded").
#pragma once

#include "access/system_configuration.h"
#include "base/health.h"
#include "base/metrics.h"
#include "http/route.h"

namespace patchbay::http {

// All must outlive the router.
struct MonitoringParts {
  const access::SystemConfiguration& configuration;
  const base::Metrics& metrics;
  const base::Health& health;
  base::OnLoop onLoop;
};

void addMonitoringRoutes(Router& router, MonitoringParts parts);

}  // namespace patchbay::http
