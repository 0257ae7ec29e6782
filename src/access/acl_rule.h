// One access rule, and what it says about a caller, a name and an action (rest-api §6).
//
// Threads: pure functions. A role is a scope, an e-mail address, or "@domain"; addresses are
// compared without regard to case.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"

namespace patchbay::access {

struct AclRule {
  std::string role;
  std::string resource;
  std::vector<std::string> action;
  std::vector<std::string> attributes;

  bool operator==(const AclRule&) const = default;
};
using AclRules = std::vector<AclRule>;

// Does a rule's resource cover this name: "*", the name, "prefix.*" or "prefix".
bool covers(std::string_view resource, std::string_view name);
bool isRoleOf(const Caller& caller, std::string_view role);
bool denies(const AclRule& rule, std::string_view action);
bool allows(const AclRule& rule, std::string_view action);
// Do its attributes admit a private component, or one that is not.
bool shows(const AclRule& rule, bool isPrivate);

boost::json::object wireRule(const AclRule& rule);
boost::json::array wireRules(const AclRules& rules);

}  // namespace patchbay::access
