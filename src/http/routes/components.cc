#include "http/routes/components.h"

#include <algorithm>

#include "connectors/listing.h"
#include "connectors/selector.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

connectors::VendorRights rightsOf(const access::Caller& caller) {
  return {caller.isAdmin(), caller.vendors};
}

bool isNo(const std::optional<std::string>& text) {
  return text && (*text == "no" || *text == "false" || *text == "0");
}

// What the caller may see in lists; with ignoreACL=true, of administrators, everything.
base::Result<connectors::Visible> visibleTo(const ComponentParts& parts, const Request& request,
                                            bool hidePrivate = false) {
  const access::Caller* caller = request.caller ? &*request.caller : nullptr;
  const bool all = request.saysYes("ignoreACL");
  if (all && (caller == nullptr || !caller->isAdmin())) {
    return base::fail(base::Code::kInvalid, "\"ignoreACL\" is for administrators.");
  }
  return connectors::Visible(
      [&acl = parts.acl, caller, hidePrivate, all](const connectors::Component& component) {
        return !(hidePrivate && component.isPrivate) &&
               (all || acl.mayList(caller, component.name, component.isPrivate));
      });
}

Answer listApps(const ComponentParts& parts, const Request& request) {
  auto visible = visibleTo(parts, request);
  return visible ? Answer(jsonResponse(connectors::listApps(parts.registry, *visible)))
                 : Answer(visible.error());
}

Answer listAppComponents(const ComponentParts& parts, const Request& request) {
  const auto app = request.queryValue("app");
  if (!app || app->empty()) {
    return base::fail(base::Code::kInvalid,
                      "The query needs app: the name of an app, such as app=acme.invoices.");
  }
  auto visible = visibleTo(parts, request);
  return visible ? Answer(jsonResponse(connectors::listManifests(parts.registry, *app, *visible)))
                 : Answer(visible.error());
}

Answer listComponents(const ComponentParts& parts, const Request& request) {
  const std::string selector = request.queryValue("selector").value_or("");
  auto visible = visibleTo(parts, request, isNo(request.queryValue("private")));
  if (!visible) {
    return visible.error();
  }
  return jsonResponse(request.saysYes("manifest")
                          ? connectors::listManifests(parts.registry, selector, *visible)
                          : connectors::listTypes(parts.registry, selector, *visible));
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

}  // namespace

void addComponentRoutes(Router& router, const ComponentParts& parts) {
  const auto with = [parts](auto answer) -> Handler {
    return [parts, answer](Request& request) { return answer(parts, request); };
  };
  const RouteRules open{.access = Access::kOpen};
  router.add(Method::kGet, "/apps", open, "Apps of the installed connectors", with(listApps));
  router.add(Method::kGet, "/apps/components", {}, "Components of an app", with(listAppComponents));
  router.add(Method::kGet, "/components", open, "Installed components", with(listComponents));
  router.add(Method::kGet, "/components/:selector", {}, "Download a connector, module or component",
             with(download));
  router.add(Method::kGet, "/components/:selector/*rest", {}, "Download one file", with(download));
  router.add(Method::kGet, "/bundles", {}, "Installed bundles and their versions",
             with([](const ComponentParts& of, const Request&) {
               return Answer(jsonResponse(connectors::listBundles(of.registry)));
             }));
}

}  // namespace patchbay::http
