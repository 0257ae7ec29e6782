// The ETag of a list of access rules, for those who change one that they have read.
#pragma once

#include <string>

#include "access/acl.h"
#include "http/route.h"

namespace patchbay::http {

std::string rulesTag(const access::AclRules& rules);
// kChanged: If-Match names another list.
base::Status checkRulesTag(const Request& request, const access::AclRules& rules);

}  // namespace patchbay::http
