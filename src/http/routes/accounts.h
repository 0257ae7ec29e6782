// Accounts at third parties and their assignment to components (rest-api §11).
#pragma once

#include "accounts/accounts.h"
#include "http/route.h"

namespace patchbay::http {

void addAccountRoutes(Router& router, accounts::Accounts& accounts);

}  // namespace patchbay::http
