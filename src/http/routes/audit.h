// Who changed what (rest-api §29.6), and the entry that a route adds to the commit of its change.
#pragma once

#include <string>

#include "access/audit.h"
#include "http/route.h"

namespace patchbay::http {

// For the unit of work that makes the change.
inline store::Unit noted(const access::Audit& audit, const Request& request, std::string action,
                         std::string resource, std::string name) {
  return audit.note({request.caller ? request.caller->userId : "", request.clientAddress},
                    std::move(action), std::move(resource), std::move(name));
}

void addAuditRoutes(Router& router, access::Audit& audit);

}  // namespace patchbay::http
