#include "http/routes/quota.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/file_tree.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using engine::QuotaDefinition;
using engine::QuotaDefinitions;

// Clients want an id that survives updates; the name is what identifies a quota.
std::string idOf(const std::string& name) {
  return connectors::sha256Hex(name).substr(0, 24);
}

json::object viewOf(const QuotaDefinition& quota) {
  return {{"id", idOf(quota.name)},
          {"name", quota.name},
          {"source", quota.source},
          {"defaultSource", quota.defaultSource},
          {"isCustom", quota.custom ? json::value(true) : json::value(nullptr)}};
}

// All of them: clients search the list themselves.
Answer list(const QuotaDefinitions& quotas) {
  json::array views;
  for (const QuotaDefinition& quota : quotas.list()) {
    views.push_back(viewOf(quota));
  }
  return jsonResponse(views);
}

Answer put(QuotaDefinitions& quotas, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto quota = quotas.put(request.param("name"), json::getString(*body, "source"));
  return quota ? Answer(jsonResponse(viewOf(*quota))) : Answer(quota.error());
}

Answer erase(QuotaDefinitions& quotas, Request& request) {
  const std::string& name = request.param("name");
  auto erased = quotas.erase(name);
  if (!erased) {
    return erased.error();
  }
  const auto known = quotas.list();
  const bool shipped = std::any_of(
      known.begin(), known.end(), [&](const QuotaDefinition& quota) { return quota.name == name; });
  return jsonResponse(json::object{{"acknowledged", true}, {"deletedCount", *erased ? 1 : 0}},
                      *erased || shipped ? 200 : 404);
}

}  // namespace

void addQuotaRoutes(Router& router, QuotaDefinitions& quotas) {
  router.add(Method::kGet, "/quota", {.access = Access::kAdmin}, "List quotas",
             [&quotas](Request&) { return list(quotas); });
  router.add(Method::kPut, "/quota/:name", {.access = Access::kAdmin},
             "Write a quota in place of the shipped one",
             [&quotas](Request& request) { return put(quotas, request); });
  router.add(Method::kDelete, "/quota/:name", {.access = Access::kAdmin},
             "Back to the shipped quota",
             [&quotas](Request& request) { return erase(quotas, request); });
}

}  // namespace patchbay::http
