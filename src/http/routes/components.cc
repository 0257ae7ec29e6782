#include "http/routes/components.h"

#include <algorithm>

#include "connectors/listing.h"
#include "connectors/selector.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

constexpr const char* kArchiveLimit = "LIMIT_CC_ARCHIVE_MAX_BYTES";

connectors::VendorRights rightsOf(const access::Caller& caller) {
  return {caller.isAdmin(), caller.vendors};
}

connectors::Visible visibleTo(const ComponentParts& parts, const Request& request,
                              bool hidePrivate = false) {
  const access::Caller* caller = request.caller ? &*request.caller : nullptr;
  return [&acl = parts.acl, caller, hidePrivate](const connectors::Component& component) {
    return !(hidePrivate && component.isPrivate) &&
           acl.mayList(caller, component.name, component.isPrivate);
  };
}

bool isYes(const std::optional<std::string>& text) {
  return text && (*text == "yes" || *text == "true" || *text == "1");
}

bool isNo(const std::optional<std::string>& text) {
  return text && (*text == "no" || *text == "false" || *text == "0");
}

Answer listApps(const ComponentParts& parts, const Request& request) {
  return jsonResponse(connectors::listApps(parts.registry, visibleTo(parts, request)));
}

Answer listAppComponents(const ComponentParts& parts, const Request& request) {
  const auto app = request.queryValue("app");
  if (!app || app->empty()) {
    return base::fail(base::Code::kInvalid,
                      "The query needs app: the name of an app, such as app=acme.invoices.");
  }
  return jsonResponse(connectors::listManifests(parts.registry, *app, visibleTo(parts, request)));
}

Answer listComponents(const ComponentParts& parts, const Request& request) {
  const std::string selector = request.queryValue("selector").value_or("");
  const auto visible = visibleTo(parts, request, isNo(request.queryValue("private")));
  return jsonResponse(isYes(request.queryValue("manifest"))
                          ? connectors::listManifests(parts.registry, selector, visible)
                          : connectors::listTypes(parts.registry, selector, visible));
}

Answer publish(const ComponentParts& parts, Request& request) {
  const access::Caller& caller = *request.caller;
  if (!caller.isAdmin() && caller.vendors.empty()) {
    return base::fail(base::Code::kForbidden,
                      "You are not a vendor: only administrators and users with a vendor publish "
                      "components. Ask an administrator to add a vendor to your user.");
  }
  connectors::PublishOrder order;
  order.userId = caller.userId;
  order.rights = rightsOf(caller);
  order.replaceAll = isYes(request.queryValue("replaceAll"));
  order.limits = connectors::ZipLimits::upload();
  order.limits.archiveBytes = parts.configuration.bytes(kArchiveLimit, order.limits.archiveBytes);
  order.limits.unpackedBytes =
      std::max<std::uint64_t>(order.limits.unpackedBytes, 6 * order.limits.archiveBytes);
  order.archive = std::move(request.body);
  auto ticket = parts.publisher.publish(std::move(order));
  if (!ticket) {
    return ticket.error();
  }
  return jsonResponse(boost::json::object{{"ticket", *ticket}});
}

Answer readTicket(const ComponentParts& parts, const Request& request) {
  auto answer = parts.publisher.ticket(request.param("ticket"), request.caller->userId,
                                       request.caller->isAdmin());
  return answer ? Answer(jsonResponse(std::move(answer).value())) : Answer(answer.error());
}

Answer download(const ComponentParts& parts, const Request& request) {
  const std::string& rest = request.param("rest");
  const std::string selector = request.param("selector") + (rest.empty() ? "" : "/" + rest);
  auto zip = connectors::downloadZip(parts.registry, selector, rightsOf(*request.caller));
  if (!zip) {
    return zip.error();
  }
  Response response;
  response.contentType = "application/zip";
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + request.param("selector") + ".zip\"");
  response.body = std::move(zip).value();
  return response;
}

Answer remove(const ComponentParts& parts, const Request& request) {
  auto status = connectors::removeSelected(parts.registry, parts.bundles, parts.maker, parts.random,
                                           request.param("selector"), rightsOf(*request.caller));
  return status ? Answer(jsonResponse(boost::json::object())) : Answer(status.error());
}

}  // namespace

void addComponentRoutes(Router& router, const ComponentParts& parts) {
  const auto with = [parts](auto answer) -> Handler {
    return [parts, answer](Request& request) { return answer(parts, request); };
  };
  const RouteRules open{.access = Access::kOpen};
  router.add(Method::kGet, "/apps", open, "Apps of the installed connectors", with(listApps));
  router.add(Method::kGet, "/apps/components", {}, "Components of an app", with(listAppComponents));
  router.add(Method::kGet, "/components", open, "Installed components", with(listComponents));
  router.add(Method::kPost, "/components", {.limit = kArchiveLimit, .grows = true},
             "Publish a zip; answers a ticket", with(publish));
  router.add(Method::kGet, "/components/uploader/:ticket", {}, "Progress of a publishing",
             with(readTicket));
  router.add(Method::kGet, "/components/:selector", {}, "Download a connector, module or component",
             with(download));
  router.add(Method::kGet, "/components/:selector/*rest", {}, "Download one file", with(download));
  router.add(Method::kDelete, "/components/:selector", {},
             "Remove a connector, module or component", with(remove));
  router.add(Method::kGet, "/bundles", {}, "Installed bundles and their versions",
             with([](const ComponentParts& of, const Request&) {
               return Answer(jsonResponse(connectors::listBundles(of.registry)));
             }));
}

}  // namespace patchbay::http
