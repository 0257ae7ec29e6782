#include "access/connector_access.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/json.h"

namespace patchbay::access {

namespace {

constexpr std::size_t kMaxRoles = 10'000;
constexpr std::size_t kMaxTextBytes = 254;
constexpr std::string_view kRead = "read";
constexpr std::string_view kUse = "use";

// What one role's own rules say.
struct RoleAccess {
  std::string access = "inherit";
  std::vector<std::string> attributes;
  std::map<std::string, std::string> components;  // type → allow or deny

  bool operator==(const RoleAccess&) const = default;
};

std::string wholeOf(const ConnectorSubject& connector) {
  return connector.name + ".*";
}

bool isOnWhole(const ConnectorSubject& connector, const AclRule& rule) {
  return rule.resource == connector.name || rule.resource == wholeOf(connector);
}

bool isOnComponent(const ConnectorSubject& connector, const AclRule& rule) {
  return std::any_of(connector.components.begin(), connector.components.end(),
                     [&](const auto& component) { return component.type == rule.resource; });
}

bool isOwn(const ConnectorSubject& connector, const AclRule& rule) {
  return isOnWhole(connector, rule) || isOnComponent(connector, rule);
}

bool applies(const ConnectorSubject& connector, const AclRule& rule) {
  return isOnWhole(connector, rule) || covers(rule.resource, connector.name) ||
         std::any_of(connector.components.begin(), connector.components.end(),
                     [&](const auto& component) { return covers(rule.resource, component.type); });
}

std::string_view verdictOf(const AclRule& rule) {
  return denies(rule, kUse) || denies(rule, kRead)   ? "deny"
         : allows(rule, kUse) || allows(rule, kRead) ? "allow"
                                                     : "inherit";
}

RoleAccess ownAccess(const ConnectorSubject& connector, const AclRules& rules,
                     std::string_view role) {
  RoleAccess own;
  for (const AclRule& rule : rules) {
    if (rule.role != role) {
      continue;
    }
    const std::string verdict(verdictOf(rule));
    if (isOnWhole(connector, rule) && own.access != "deny") {
      own.access = verdict;
      own.attributes = rule.attributes;
    } else if (isOnComponent(connector, rule) && verdict != "inherit") {
      std::string& known = own.components[rule.resource];
      known = known == "deny" ? known : verdict;
    }
  }
  return own;
}

// Somebody who has the role, and no other; who has an address is a user too.
Caller bearerOf(const std::string& role) {
  const auto at = role.find('@');
  if (at == std::string::npos) {
    return {"", "", "", {role}, {}};
  }
  return {"", "", at == 0 ? "somebody" + role : role, {"user"}, {}};
}

bool isEffective(const ConnectorSubject& connector, const AclRules& rules, const Caller& caller) {
  return std::any_of(
      connector.components.begin(), connector.components.end(), [&](const auto& component) {
        const auto& [type, isPrivate] = component;
        return mayList(rules, caller, type, isPrivate) && mayUse(rules, caller, type, isPrivate);
      });
}

bool hasAllPublic(const ConnectorSubject& connector, const AclRules& rules, const Caller& caller) {
  return std::all_of(
      connector.components.begin(), connector.components.end(), [&](const auto& component) {
        return component.isPrivate || (mayList(rules, caller, component.type, false) &&
                                       mayUse(rules, caller, component.type, false));
      });
}

std::string_view visibilityOf(const ConnectorSubject& connector, const AclRules& rules,
                              const AclRules& applying, const std::vector<std::string>& roles) {
  const bool anyDenial = std::any_of(applying.begin(), applying.end(),
                                     [](const AclRule& rule) { return verdictOf(rule) == "deny"; });
  if (!anyDenial && hasAllPublic(connector, rules, bearerOf("user"))) {
    return "everyone";
  }
  const bool anybody = std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
    const Caller bearer = bearerOf(role);
    return !bearer.isAdmin() && isEffective(connector, rules, bearer);
  });
  return anybody ? "custom" : "nobody";
}

json::object wireRole(const ConnectorSubject& connector, const AclRules& rules,
                      const AclRules& applying, const std::string& role) {
  const RoleAccess own = ownAccess(connector, rules, role);
  const Caller bearer = bearerOf(role);
  json::object components;
  for (const auto& [type, verdict] : own.components) {
    components[type] = verdict;
  }
  json::array because;
  for (std::size_t i = 0; i < applying.size(); ++i) {
    if (isRoleOf(bearer, applying[i].role)) {
      because.emplace_back(i);
    }
  }
  return {{"role", role},
          {"access", own.access},
          {"attributes", json::toArray(own.attributes)},
          {"effective", isEffective(connector, rules, bearer)},
          {"components", std::move(components)},
          {"rules", std::move(because)}};
}

base::Error badRole(std::string_view role, const std::string& what) {
  return base::fail(base::Code::kInvalid, "Role \"" + std::string(role) + "\": " + what +
                                              ". The rules were not changed.");
}

base::Status takeAttributes(const json::object& entry, const std::string& role, RoleAccess& asked) {
  const json::value* attributes = json::find(entry, "attributes");
  if (attributes == nullptr) {
    return {};
  }
  if (!attributes->is_array()) {
    return badRole(role, "\"attributes\" must be a list of texts");
  }
  for (const json::value& item : attributes->get_array()) {
    if (!item.is_string() || item.get_string().size() > kMaxTextBytes) {
      return badRole(role, "\"attributes\" must be a list of texts");
    }
    asked.attributes.emplace_back(item.get_string());
  }
  return {};
}

base::Status takeComponents(const ConnectorSubject& connector, const json::object& entry,
                            const std::string& role, RoleAccess& asked) {
  for (const auto& [type, verdict] : json::getObject(entry, "components")) {
    if (!isOnComponent(connector, {role, std::string(type), {}, {}})) {
      return badRole(role, std::string(type) + " is no component of " + connector.name);
    }
    if (verdict == "allow" || verdict == "deny") {
      asked.components[std::string(type)] = std::string(verdict.get_string());
    } else if (verdict != "inherit") {
      return badRole(role, std::string(type) + " must be allow, deny or inherit");
    }
  }
  return {};
}

using Asked = std::vector<std::pair<std::string, RoleAccess>>;

base::Status takeRole(const ConnectorSubject& connector, const json::value& item, Asked& asked) {
  const std::string role =
      item.is_object() ? json::getString(item.get_object(), "role") : std::string();
  if (role.empty() || role.size() > kMaxTextBytes) {
    return base::fail(base::Code::kInvalid,
                      "Each of \"roles\" must be an object with \"role\", a text of 1 to 254 "
                      "bytes. The rules were not changed.");
  }
  const json::object& entry = item.get_object();
  RoleAccess wanted;
  if (json::find(entry, "access") != nullptr) {
    wanted.access = json::getString(entry, "access");
  }
  if (wanted.access != "allow" && wanted.access != "deny" && wanted.access != "inherit") {
    return badRole(role, "\"access\" must be allow, deny or inherit");
  }
  if (std::any_of(asked.begin(), asked.end(), [&](const auto& one) { return one.first == role; })) {
    return badRole(role, "it is named twice");
  }
  auto status = takeAttributes(entry, role, wanted);
  if (status) {
    status = takeComponents(connector, entry, role, wanted);
  }
  if (status) {
    asked.emplace_back(role, std::move(wanted));
  }
  return status;
}

base::Result<Asked> askedOf(const ConnectorSubject& connector, const json::object& body) {
  const json::value* roles = json::find(body, "roles");
  if (roles == nullptr || !roles->is_array() || roles->get_array().size() > kMaxRoles) {
    return base::fail(base::Code::kInvalid,
                      "\"roles\" must be a list of at most 10,000 roles. The rules were not "
                      "changed.");
  }
  Asked asked;
  for (const json::value& item : roles->get_array()) {
    if (auto status = takeRole(connector, item, asked); !status) {
      return status.error();
    }
  }
  return asked;
}

AclRules rulesFor(const ConnectorSubject& connector, const std::string& role,
                  const RoleAccess& wanted) {
  AclRules rules;
  const auto add = [&](std::string resource, std::string_view verdict,
                       std::vector<std::string> attributes) {
    const bool deny = verdict == "deny";
    rules.push_back({role,
                     std::move(resource),
                     {deny ? "!*" : "*"},
                     deny ? std::vector<std::string>{"*"} : std::move(attributes)});
  };
  if (wanted.access != "inherit") {
    add(wholeOf(connector), wanted.access,
        wanted.attributes.empty() ? std::vector<std::string>{"non-private"} : wanted.attributes);
  }
  for (const auto& [type, verdict] : wanted.components) {
    add(type, verdict, {"*"});
  }
  return rules;
}

// What GET has told for a role without rules of its own says nothing.
bool saysTheSame(RoleAccess wanted, const RoleAccess& own) {
  if (wanted.access == own.access && (wanted.attributes.empty() || wanted.access == "inherit")) {
    wanted.attributes = own.attributes;
  }
  return wanted == own;
}

// The connector's own rules of `role` give way to `fresh`, in their place or at the end.
void replaceOwn(const ConnectorSubject& connector, const std::string& role, AclRules fresh,
                AclRules& rules) {
  const auto isMeant = [&](const AclRule& rule) {
    return rule.role == role && isOwn(connector, rule);
  };
  const auto place =
      std::find_if(rules.begin(), rules.end(), isMeant) - rules.begin();  // nothing before it goes
  std::erase_if(rules, isMeant);
  rules.insert(rules.begin() + place, std::make_move_iterator(fresh.begin()),
               std::make_move_iterator(fresh.end()));
}

}  // namespace

bool mayList(const AclRules& rules, const Caller& caller, std::string_view component,
             bool isPrivate) {
  bool allowed = caller.isAdmin() && !isPrivate;
  for (const AclRule& rule : rules) {
    if (!covers(rule.resource, component) || !isRoleOf(caller, rule.role)) {
      continue;
    }
    if (denies(rule, kRead) && !caller.isAdmin()) {
      return false;
    }
    allowed = allowed || ((allows(rule, kRead) || allows(rule, kUse)) && shows(rule, isPrivate));
  }
  return allowed;
}

bool mayUse(const AclRules& rules, const Caller& caller, std::string_view component,
            bool isPrivate) {
  if (caller.isAdmin()) {
    return true;
  }
  bool allowed = false;
  for (const AclRule& rule : rules) {
    if (!covers(rule.resource, component) || !isRoleOf(caller, rule.role)) {
      continue;
    }
    if (denies(rule, kUse)) {
      return false;
    }
    // "private" hides from lists only: who sees the public ones may use the private ones too.
    const bool admits = shows(rule, isPrivate) || (isPrivate && shows(rule, false));
    allowed = allowed || (allows(rule, kUse) && admits);
  }
  return allowed;
}

json::object connectorAccess(const ConnectorSubject& connector, const AclRules& rules,
                             const std::vector<std::string>& roles) {
  AclRules applying;
  std::copy_if(rules.begin(), rules.end(), std::back_inserter(applying),
               [&](const AclRule& rule) { return applies(connector, rule); });
  json::array wireRoles, wireRules;
  for (const std::string& role : roles) {
    wireRoles.emplace_back(wireRole(connector, rules, applying, role));
  }
  for (const AclRule& rule : applying) {
    wireRules.emplace_back(wireRule(rule));
  }
  return {{"visibility", visibilityOf(connector, rules, applying, roles)},
          {"roles", std::move(wireRoles)},
          {"rules", std::move(wireRules)}};
}

base::Result<AclRules> withConnectorAccess(const ConnectorSubject& connector, const AclRules& rules,
                                           const json::object& body) {
  auto asked = askedOf(connector, body);
  if (!asked) {
    return asked.error();
  }
  AclRules changed = rules;
  std::set<std::string> unnamed;
  for (const AclRule& rule : rules) {
    if (isOwn(connector, rule)) {
      unnamed.insert(rule.role);
    }
  }
  for (const auto& [role, wanted] : *asked) {
    unnamed.erase(role);
    if (!saysTheSame(wanted, ownAccess(connector, rules, role))) {
      replaceOwn(connector, role, rulesFor(connector, role, wanted), changed);
    }
  }
  for (const std::string& role : unnamed) {
    replaceOwn(connector, role, {}, changed);
  }
  return changed;
}

AclRules missingUserRules(const AclRules& rules, const std::vector<std::string>& connectors) {
  AclRules missing;
  for (const std::string& connector : connectors) {
    const std::string resource = connector + ".*";
    const bool known = std::any_of(rules.begin(), rules.end(), [&](const AclRule& rule) {
      return rule.role == "user" && (rule.resource == resource || rule.resource == connector);
    });
    if (!known) {
      missing.push_back({"user", resource, {"*"}, {"non-private"}});
    }
  }
  return missing;
}

}  // namespace patchbay::access
