#include "http/routes/service_configuration.h"

#include "base/json.h"
#include "http/body.h"
#include "http/list_query.h"
#include "http/routes/audit.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Configuration = accounts::ServiceConfiguration;

json::object viewOf(const Configuration& configuration, const std::string& serviceId) {
  json::object view;
  view["serviceId"] = serviceId;
  for (const auto& [key, value] : configuration.get(serviceId)) {
    view[key] = value;
  }
  return view;
}

Answer list(const Configuration& configuration, const access::Audit&, Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  json::array views;
  for (const std::string& serviceId : configuration.ids()) {
    views.push_back(viewOf(configuration, serviceId));
  }
  return jsonResponse(query->apply(std::move(views), {"serviceId", {"serviceId"}}));
}

Answer one(const Configuration& configuration, const access::Audit&, Request& request) {
  const std::string& serviceId = request.param("serviceId");
  if (!configuration.has(serviceId)) {
    return base::fail(base::Code::kNotFound, "Service " + serviceId + " has no configuration.");
  }
  return jsonResponse(viewOf(configuration, serviceId));
}

Answer put(Configuration& configuration, const access::Audit& audit, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string& ofPath = request.param("serviceId");
  const std::string ofBody = json::getString(*body, "serviceId");
  if (ofPath.empty() && ofBody.empty()) {
    return base::fail(base::Code::kInvalid, "\"serviceId\" (vendor:service) is required.");
  }
  if (!ofPath.empty() && !ofBody.empty() && ofPath != ofBody) {
    return base::fail(base::Code::kInvalid, "\"serviceId\" differs from the one in the path.");
  }
  const std::string serviceId = ofPath.empty() ? ofBody : ofPath;
  if (auto status = configuration.put(
          serviceId, std::move(*body),
          noted(audit, request, "change", "service-configuration", serviceId));
      !status) {
    return status.error();
  }
  return jsonResponse(viewOf(configuration, serviceId));
}

Answer erase(Configuration& configuration, const access::Audit& audit, Request& request) {
  const std::string& serviceId = request.param("serviceId");
  auto status = configuration.erase(
      serviceId, noted(audit, request, "remove", "service-configuration", serviceId));
  return status ? Answer(jsonResponse(json::object{})) : Answer(status.error());
}

}  // namespace

void addServiceConfigurationRoutes(Router& router, Configuration& configuration,
                                   access::Audit& audit) {
  const auto with = [&configuration, &audit](auto act) -> Handler {
    return [&configuration, &audit, act](Request& request) {
      return act(configuration, audit, request);
    };
  };
  router.add(Method::kGet, "/service-config", {.access = Access::kAdmin},
             "List service configurations", with(list));
  router.add(Method::kPost, "/service-config", {.access = Access::kAdmin},
             "Write a service's configuration", with(put));
  router.add(Method::kGet, "/service-config/:serviceId", {.access = Access::kAdmin},
             "A service's configuration", with(one));
  router.add(Method::kPut, "/service-config/:serviceId", {.access = Access::kAdmin},
             "Replace a service's configuration", with(put));
  router.add(Method::kDelete, "/service-config/:serviceId", {.access = Access::kAdmin},
             "Remove a service's configuration", with(erase));
}

}  // namespace patchbay::http
