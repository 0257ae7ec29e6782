#include "access/acl_rule.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::access {

namespace {

bool has(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool sameAddress(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

bool covers(std::string_view resource, std::string_view name) {
  if (resource == "*" || resource == name) {
    return true;
  }
  if (resource.ends_with(".*")) {
    resource.remove_suffix(2);
  }
  return !resource.empty() && name.size() > resource.size() && name.starts_with(resource) &&
         name[resource.size()] == '.';
}

bool isRoleOf(const Caller& caller, std::string_view role) {
  if (caller.hasScope(role) || (!role.empty() && sameAddress(role, caller.email))) {
    return true;
  }
  const auto at = caller.email.rfind('@');
  return role.size() > 1 && role.front() == '@' && at != std::string::npos &&
         sameAddress(role, std::string_view(caller.email).substr(at));
}

bool denies(const AclRule& rule, std::string_view action) {
  return has(rule.action, "!*") || has(rule.action, "!" + std::string(action));
}

bool allows(const AclRule& rule, std::string_view action) {
  return has(rule.action, "*") || has(rule.action, action);
}

bool shows(const AclRule& rule, bool isPrivate) {
  return has(rule.attributes, "*") || has(rule.attributes, isPrivate ? "private" : "non-private");
}

boost::json::array wireRules(const AclRules& rules) {
  json::array list;
  for (const AclRule& rule : rules) {
    list.emplace_back(wireRule(rule));
  }
  return list;
}

boost::json::object wireRule(const AclRule& rule) {
  json::object item;
  item["role"] = rule.role;
  item["resource"] = rule.resource;
  item["action"] = json::toArray(rule.action);
  item["attributes"] = json::toArray(rule.attributes);
  return item;
}

}  // namespace patchbay::access
