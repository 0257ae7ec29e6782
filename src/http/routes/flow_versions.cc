#include "http/routes/flow_versions.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "flows/flow_versions.h"
#include "http/body.h"
#include "http/list_query.h"
#include "http/routes/flow_change.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
constexpr std::size_t kMostListed = 1000;

Answer wire(base::Result<json::object> result) {
  return result ? Answer(jsonResponse(std::move(*result))) : Answer(result.error());
}

Answer list(const FlowParts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  return wire(parts.versions.list(
      *request.caller, request.param("id"), static_cast<std::int64_t>(query->offset()),
      static_cast<std::int64_t>(std::min(query->limit(), kMostListed))));
}

Answer one(const FlowParts& parts, const Request& request) {
  return wire(parts.versions.get(*request.caller, request.param("id"), request.param("versionId")));
}

base::Result<std::string> textOf(const json::object& body, std::string_view name,
                                 std::string_view absent) {
  const json::value* value = json::find(body, name);
  if (value == nullptr || value->is_null()) {
    return std::string(absent);
  }
  if (!value->is_string()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be a text.");
  }
  return std::string(value->get_string());
}

Answer keep(const FlowParts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto type = textOf(*body, "type", "manual");
  auto label = textOf(*body, "label", "");
  if (!type || !label) {
    return type ? label.error() : type.error();
  }
  return wire(parts.versions.keep(*request.caller, request.param("id"), *type, *label));
}

Answer restore(const FlowParts& parts, const Request& request) {
  auto version =
      parts.versions.get(*request.caller, request.param("id"), request.param("versionId"));
  if (!version) {
    return version.error();
  }
  return changeFlow(parts, request, json::object{{"flow", version->at("flow")}});
}

}  // namespace

void addFlowVersionRoutes(Router& router, const FlowParts& parts) {
  using Run = Answer (*)(const FlowParts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(parts, request); };
  };
  const RouteRules rules{.family = "flows"};
  router.add(Method::kGet, "/flows/:id/versions", rules, "Earlier versions of a flow, newest first",
             with(list));
  router.add(Method::kPost, "/flows/:id/versions", {.family = "flows", .grows = true},
             "Keep a flow as it is as a version", with(keep));
  router.add(Method::kGet, "/flows/:id/versions/:versionId", rules,
             "One version, with its descriptor", with(one));
  router.add(Method::kPost, "/flows/:id/versions/:versionId/restore", rules,
             "Make a version the flow's descriptor again, as PUT /flows/:id does", with(restore));
}

}  // namespace patchbay::http
