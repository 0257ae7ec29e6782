#include "http/routes/monitoring.h"

#include <sodium.h>

#include <algorithm>

#include "access/gate.h"
#include "base/json.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

constexpr std::size_t kShortestToken = 16;

// Without telling by its time how much of the token was right.
bool isToken(std::string_view given, std::string_view token) {
  return token.size() >= kShortestToken && given.size() == token.size() &&
         sodium_memcmp(given.data(), token.data(), token.size()) == 0;
}

base::Status mayRead(const MonitoringParts& parts, const Request& request) {
  if (request.caller && request.caller->isAdmin()) {
    return {};
  }
  const auto header = request.headers.find("authorization");
  const std::string_view given =
      header == request.headers.end() ? std::string_view() : access::Gate::bearer(header->second);
  if (isToken(given, parts.configuration.text("METRICS_TOKEN"))) {
    return {};
  }
  if (request.caller) {
    return base::fail(base::Code::kForbidden, "This needs the scope admin.");
  }
  return base::fail(
      base::Code::kUnauthorized,
      "This needs the token of an admin, or the text of configuration key METRICS_TOKEN "
      "(16 characters or more) as bearer token.");
}

Answer metrics(const MonitoringParts& parts, const Request& request) {
  if (auto allowed = mayRead(parts, request); !allowed) {
    return allowed.error();
  }
  Response response;
  response.contentType = "text/plain; version=0.0.4; charset=utf-8";
  response.body = parts.metrics.text(parts.onLoop);
  return response;
}

Answer health(const MonitoringParts& parts, const Request& request) {
  const bool isAdmin = request.caller && request.caller->isAdmin();
  const std::vector<base::Problem> problems = parts.health.problems(parts.onLoop);
  const bool stops = std::any_of(problems.begin(), problems.end(),
                                 [](const base::Problem& problem) { return problem.stops; });
  json::array views;
  for (const base::Problem& problem : problems) {
    json::object view{{"code", problem.code}};
    if (isAdmin) {
      view["message"] = problem.message;
    }
    views.push_back(std::move(view));
  }
  return jsonResponse(json::object{{"status", stops              ? "failing"
                                              : problems.empty() ? "ok"
                                                                 : "degraded"},
                                   {"problems", std::move(views)}},
                      stops ? 503 : 200);
}

}  // namespace

void addMonitoringRoutes(Router& router, MonitoringParts parts) {
  using Run = Answer (*)(const MonitoringParts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(parts, request); };
  };
  router.add(Method::kGet, "/metrics", {.access = Access::kOpen},
             "The server's own numbers as Prometheus text; admins, or METRICS_TOKEN",
             with(metrics));
  router.add(Method::kGet, "/health", {.access = Access::kOpen},
             "What is wrong with the server; in words for admins", with(health));
}

}  // namespace patchbay::http
