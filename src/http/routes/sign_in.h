// Sign-in and the current user (rest-api §3).
#pragma once

#include <functional>
#include <string>

#include <boost/json.hpp>

#include "access/audit.h"
#include "access/login_throttle.h"
#include "access/password_codes.h"
#include "access/system_configuration.h"
#include "access/tokens.h"
#include "access/users.h"
#include "http/route.h"

namespace patchbay::http {

struct SignInParts {
  access::Users& users;
  access::Tokens& tokens;
  access::LoginThrottle& throttle;
  access::PasswordCodes& codes;
  access::SystemConfiguration& configuration;
  access::Audit& audit;
  // Brings a one-time code to the user who forgot his password. May be empty. The code is a secret.
  std::function<void(const access::User& user, const std::string& code, const std::string& link)> tellCode;
};

void addSignInRoutes(Router& router, SignInParts parts);

}  // namespace patchbay::http
