// Sign-in and the current user (rest-api §3).
#pragma once

#include <functional>
#include <string>

#include <boost/json.hpp>

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
  // Sends a system webhook (rest-api §26): its configuration key and payload. May be empty.
  std::function<void(const std::string& key, boost::json::object payload)> tell;
};

void addSignInRoutes(Router& router, SignInParts parts);

}  // namespace patchbay::http
