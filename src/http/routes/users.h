// Administration of users (rest-api §4).
#pragma once

#include "access/audit.h"
#include "access/user_removal.h"
#include "access/users.h"
#include "http/route.h"

namespace patchbay::http {

void addUserRoutes(Router& router, access::Users& users, access::UserRemoval& removal,
                   access::Audit& audit);

}  // namespace patchbay::http
