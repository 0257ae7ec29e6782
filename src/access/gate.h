// From an Authorization header to the caller (rest-api §1.2).
//
// Threads: safe from any thread. checkToken and cachedCaller never block; caller may read the store once per user.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "access/caller.h"
#include "access/tokens.h"
#include "access/users.h"
#include "base/result.h"

namespace patchbay::access {

class Gate {
 public:
  Gate(Tokens& tokens, Users& users) : tokens_(tokens), users_(users) {}

  // The token of "Bearer <token>", any case of the scheme. Empty: none.
  static std::string_view bearer(std::string_view authorization);

  // The token's signature and end; its user's id. kUnauthorized.
  base::Result<std::string> checkToken(std::string_view token) { return tokens_.verify(token); }
  // kUnauthorized; kNotFound: the token is good and its user is gone.
  base::Result<std::shared_ptr<const Caller>> caller(std::string_view token);
  std::shared_ptr<const Caller> cachedCaller(const std::string& userId) const {
    return users_.cachedCaller(userId);
  }
  // A token for a user by id, e.g. for a component's call to our own API. kNotFound: no such user.
  base::Result<std::string> issueFor(const std::string& userId, base::Millis life);

 private:
  Tokens& tokens_;
  Users& users_;
};

}  // namespace patchbay::access
