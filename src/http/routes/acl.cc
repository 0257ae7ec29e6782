#include "http/routes/acl.h"

#include <set>

#include "base/json.h"
#include "http/routes/audit.h"
#include "http/routes/rules_tag.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

Answer getRules(const access::Acl& acl, Request& request) {
  auto type = access::Acl::typeOf(request.param("type"));
  if (!type) {
    return type.error();
  }
  const auto rules = acl.list(*type);
  Response response = jsonResponse(access::wireRules(*rules));
  response.headers.emplace_back("ETag", rulesTag(*rules));
  return response;
}

Answer setRules(access::Acl& acl, const access::Audit& audit, Request& request) {
  auto type = access::Acl::typeOf(request.param("type"));
  if (!type) {
    return type.error();
  }
  if (request.body.empty()) {
    return base::fail(base::Code::kInvalid, "The body must be a list of rules, [] to clear it.");
  }
  auto body = request.json();
  if (!body) {
    return body.error();
  }
  auto stored =
      acl.replace(*type, *body, noted(audit, request, "change", "acl", request.param("type")),
                  [&request](const access::AclRules& rules) { return checkRulesTag(request, rules); });
  return stored ? Answer(jsonResponse(std::move(*stored))) : Answer(stored.error());
}

// "*", then vendor.*, vendor.service.*, vendor.service.module.* of everything installed.
json::array componentResources(const connectors::Registry& registry) {
  std::set<std::string> prefixes;
  for (const auto& revision : registry.allCurrent()) {
    for (const connectors::Component& component : revision->components) {
      for (auto dot = component.name.find('.'); dot != std::string::npos;
           dot = component.name.find('.', dot + 1)) {
        prefixes.insert(component.name.substr(0, dot) + ".*");
      }
    }
  }
  json::array resources{json::value("*")};
  for (const std::string& prefix : prefixes) {
    resources.emplace_back(prefix);
  }
  return resources;
}

Answer resources(const connectors::Registry& registry, Request& request) {
  auto type = access::Acl::typeOf(request.param("type"));
  if (!type) {
    return type.error();
  }
  return jsonResponse(*type == access::AclType::kRoutes ? json::array{"*", "flows"}
                                                        : componentResources(registry));
}

Answer actions(Request& request) {
  auto type = access::Acl::typeOf(request.param("type"));
  if (!type) {
    return type.error();
  }
  json::array list{"*",       "read",   "!read",   "create", "!create",
                   "update",  "!update", "delete", "!delete"};
  if (*type == access::AclType::kComponents) {
    list.emplace_back("use");
    list.emplace_back("!use");
  }
  return jsonResponse(std::move(list));
}

Answer attributes(Request& request) {
  auto type = access::Acl::typeOf(request.param("type"));
  if (!type) {
    return type.error();
  }
  return jsonResponse(*type == access::AclType::kRoutes
                          ? json::array{json::value("*")}
                          : json::array{"*", "non-private", "private"});
}

}  // namespace

void addAclRoutes(Router& router, access::Acl& acl, const connectors::Registry& registry,
                  access::Audit& audit) {
  router.add(Method::kGet, "/acl-types", {.access = Access::kAdmin}, "Types of access rules",
             [](Request&) -> Answer {
               return jsonResponse(json::array{"routes", "components"});
             });
  router.add(Method::kGet, "/acl/:type", {.access = Access::kAdmin}, "All rules of a type",
             [&acl](Request& request) { return getRules(acl, request); });
  router.add(Method::kPost, "/acl/:type", {.access = Access::kAdmin}, "Replace all rules of a type",
             [&acl, &audit](Request& request) { return setRules(acl, audit, request); });
  router.add(Method::kGet, "/acl/:type/resources", {.access = Access::kAdmin},
             "Resources a rule may name",
             [&registry](Request& request) { return resources(registry, request); });
  router.add(Method::kGet, "/acl/:type/actions", {.access = Access::kAdmin},
             "Actions a rule may name", actions);
  router.add(Method::kGet, "/acl/:type/resource/:resource/attributes", {.access = Access::kAdmin},
             "Attributes a rule may name", attributes);
}

}  // namespace patchbay::http
