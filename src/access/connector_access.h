// The rules of one connector, read out of the list of component rules and written back into it
// (rest-api §29.5): a view, no second store (S42).
//
// A connector's own rules are those on "<connector>.*" (or "<connector>") and on one of its
// components by full name; all others (on "*", a vendor, a module) apply to it too, are shown, and
// are never changed from here.
// Threads: pure functions over a list of rules.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "access/acl_rule.h"
#include "base/result.h"

namespace patchbay::access {

struct ConnectorSubject {
  struct Component {
    std::string type;
    bool isPrivate = false;
  };
  std::string name;  // of the bundle
  std::vector<Component> components;
};

// May this caller see the component, or use it, by these rules (R28).
bool mayList(const AclRules& rules, const Caller& caller, std::string_view component,
             bool isPrivate);
bool mayUse(const AclRules& rules, const Caller& caller, std::string_view component,
            bool isPrivate);

// {"visibility": "everyone"|"nobody"|"custom",
//  "roles": [{"role","access":"allow"|"deny"|"inherit","attributes","effective","components":
//             {type: "allow"|"deny"}, "rules": [indexes into the list below]}],
//  "rules": [those that apply to it, as in the list of all]}
// `roles`: those to tell of. "effective": somebody who has this role, and for an address the role
// "user", may see and use a component of it.
boost::json::object connectorAccess(const ConnectorSubject& connector, const AclRules& rules,
                                    const std::vector<std::string>& roles);

// The list with the connector's own rules as `body` (of the shape above) says. Roles whose entry
// says what is so already keep their rules as they are; a role that `body` does not name keeps none
// of its own. kInvalid names the role or the component.
base::Result<AclRules> withConnectorAccess(const ConnectorSubject& connector, const AclRules& rules,
                                           const boost::json::object& body);

// The rules that give the role "user" each of these connectors by name, as far as it has no rule
// on exactly that yet (S38, S41).
AclRules missingUserRules(const AclRules& rules, const std::vector<std::string>& connectors);

}  // namespace patchbay::access
