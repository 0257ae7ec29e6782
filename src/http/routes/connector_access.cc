#include "http/routes/connector_access.h"

#include <map>
#include <set>
#include <utility>

#include "access/connector_access.h"
#include "base/json.h"
#include "http/body.h"
#include "http/routes/audit.h"
#include "http/routes/rules_tag.h"

namespace patchbay::http {

namespace {

using access::AclRules;
using access::AclType;
using Answer = base::Result<Response>;
using Parts = ConnectorAccessParts;

base::Result<access::ConnectorSubject> subjectOf(const Parts& parts, const Request& request) {
  const std::string& name = request.param("name");
  const auto revision = parts.registry.current(name);
  if (revision == nullptr) {
    return base::fail(base::Code::kNotFound, "Connector " + name + " is not installed.");
  }
  access::ConnectorSubject subject{name, {}};
  for (const connectors::Component& component : revision->components) {
    subject.components.push_back({component.name, component.isPrivate});
  }
  return subject;
}

// Role → how many users have it: scopes in use, and what rules name besides.
base::Result<std::map<std::string, std::int64_t>> rolesOf(const Parts& parts) {
  auto users = parts.users.all();
  if (!users) {
    return users.error();
  }
  std::map<std::string, std::int64_t> roles;
  std::vector<access::Caller> callers;
  for (const access::User& user : *users) {
    callers.push_back(user.toCaller());
    for (const std::string& scope : callers.back().scope) {
      roles.try_emplace(scope, 0);
    }
  }
  for (const AclType type : {AclType::kComponents, AclType::kRoutes}) {
    for (const access::AclRule& rule : *parts.acl.list(type)) {
      roles.try_emplace(rule.role, 0);
    }
  }
  // A scope is counted by lookup: only addresses are compared with everybody.
  for (const access::Caller& caller : callers) {
    for (const std::string& scope :
         std::set<std::string>(caller.scope.begin(), caller.scope.end())) {
      ++roles[scope];
    }
  }
  for (auto& [role, count] : roles) {
    if (role.find('@') == std::string::npos) {
      continue;
    }
    for (const access::Caller& caller : callers) {
      count += !caller.hasScope(role) && access::isRoleOf(caller, role) ? 1 : 0;
    }
  }
  return roles;
}

Answer view(const Parts& parts, const access::ConnectorSubject& subject) {
  auto roles = rolesOf(parts);
  if (!roles) {
    return roles.error();
  }
  std::vector<std::string> names;
  for (const auto& [role, count] : *roles) {
    names.push_back(role);
  }
  const auto rules = parts.acl.list(AclType::kComponents);
  Response response = jsonResponse(access::connectorAccess(subject, *rules, names));
  response.headers.emplace_back("ETag", rulesTag(*rules));
  return response;
}

Answer getAccess(const Parts& parts, Request& request) {
  auto subject = subjectOf(parts, request);
  return subject ? view(parts, *subject) : Answer(subject.error());
}

Answer putAccess(const Parts& parts, Request& request) {
  auto subject = subjectOf(parts, request);
  if (!subject) {
    return subject.error();
  }
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const auto change = [&](const AclRules& rules) -> base::Result<AclRules> {
    if (auto status = checkRulesTag(request, rules); !status) {
      return status.error();
    }
    return access::withConnectorAccess(*subject, rules, *body);
  };
  const auto status =
      parts.acl.edit(access::AclType::kComponents, change, noted(parts.audit, request, "change", "acl", subject->name));
  return status ? view(parts, *subject) : Answer(status.error());
}

Answer checkAccess(const Parts& parts, Request& request) {
  auto subject = subjectOf(parts, request);
  if (!subject) {
    return subject.error();
  }
  const std::string userId = request.queryValue("userId").value_or("");
  if (userId.empty()) {
    return base::fail(base::Code::kInvalid, "\"userId\" is required.");
  }
  auto user = parts.users.byId(userId);
  if (!user) {
    return user.error();
  }
  const access::Caller caller = user->toCaller();
  bool visible = false;
  json::object components;
  for (const auto& [type, isPrivate] : subject->components) {
    visible = visible || parts.acl.mayList(&caller, type, isPrivate);
    components[type] = parts.acl.mayUse(caller, type, isPrivate);
  }
  return jsonResponse(json::object{{"visible", visible}, {"components", std::move(components)}});
}

Answer listRoles(const Parts& parts, Request&) {
  auto roles = rolesOf(parts);
  if (!roles) {
    return roles.error();
  }
  json::array wire;
  for (const auto& [role, users] : *roles) {
    wire.push_back(json::object{{"role", role}, {"users", users}});
  }
  return jsonResponse(std::move(wire));
}

Answer addUserRules(const Parts& parts, Request& request) {
  std::vector<std::string> installed;
  for (const auto& revision : parts.registry.allCurrent()) {
    installed.push_back(revision->bundle);
  }
  json::array added;
  const auto change = [&](const AclRules& rules) -> base::Result<AclRules> {
    AclRules all = rules;
    for (access::AclRule& rule : access::missingUserRules(rules, installed)) {
      added.emplace_back(access::wireRule(rule));
      all.push_back(std::move(rule));
    }
    return all;
  };
  const store::Unit note = noted(parts.audit, request, "change", "acl", "components");
  const auto status =
      parts.acl.edit(access::AclType::kComponents, change, [&](store::Transaction& rows) -> base::Status {
        return added.empty() ? base::Status() : note(rows);
      });
  return status ? Answer(jsonResponse(json::object{{"added", std::move(added)}}))
                : Answer(status.error());
}

}  // namespace

void addConnectorAccessRoutes(Router& router, const ConnectorAccessParts& parts) {
  using Run = Answer (*)(const Parts&, Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(parts, request); };
  };
  const RouteRules admin{.access = Access::kAdmin};
  router.add(Method::kPost, "/acl/components/add-user-rules", admin,
             "Give users each installed connector by a rule of its own", with(addUserRules));
  router.add(Method::kGet, "/roles", admin, "Roles in use and in rules", with(listRoles));
  router.add(Method::kGet, "/connectors/:name/access", admin, "Who may use a connector",
             with(getAccess));
  router.add(Method::kPut, "/connectors/:name/access", admin,
             "Change who may use a connector; If-Match takes the ETag of GET", with(putAccess));
  router.add(Method::kGet, "/connectors/:name/access/check", admin,
             "What one user may use of a connector", with(checkAccess));
}

}  // namespace patchbay::http
