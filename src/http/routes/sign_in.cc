#include "http/routes/sign_in.h"

#include "access/password.h"
#include "base/json.h"
#include "http/body.h"
#include "http/routes/audit.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

std::string tokenFor(const SignInParts& parts, const access::User& user) {
  return parts.tokens.issue({user.id, user.username, user.scope});
}

Answer signIn(const SignInParts& parts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  std::string login = json::getString(*body, "username");
  if (login.empty()) {
    login = json::getString(*body, "email");
  }
  const json::value* password = json::find(*body, "password");
  if (login.empty() || password == nullptr || !password->is_string()) {
    return base::fail(base::Code::kInvalid,
                      "\"username\" (or \"email\") and \"password\" are required.");
  }
  if (auto allowed = parts.throttle.check(login, request.clientAddress); !allowed) {
    return allowed.error();
  }
  auto user = parts.users.authenticate(login, password->get_string());
  if (!user) {
    if (user.error().code == base::Code::kUnauthorized) {
      parts.throttle.failed(login, request.clientAddress);
    }
    return user.error();
  }
  parts.throttle.succeeded(login, request.clientAddress);
  return jsonResponse(
      json::object{{"user", access::signInView(*user)}, {"token", tokenFor(parts, *user)}});
}

// API_USER_CREATE_SCOPE: unset = open to everybody, else one of its scopes is needed.
base::Status mayCreate(const SignInParts& parts, const Request& request) {
  const auto scopes = parts.configuration.list("API_USER_CREATE_SCOPE");
  if (scopes.empty()) {
    return {};
  }
  if (!request.caller) {
    return base::fail(base::Code::kUnauthorized, "Creating users needs a token: sign in first.");
  }
  for (const std::string& scope : scopes) {
    if (request.caller->hasScope(scope)) {
      return {};
    }
  }
  return base::fail(base::Code::kForbidden, "Your scopes do not allow creating users.");
}

Answer createUser(const SignInParts& parts, Request& request) {
  if (auto allowed = mayCreate(parts, request); !allowed) {
    return allowed.error();
  }
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const bool byAdmin = request.caller && request.caller->isAdmin();
  auto user = parts.users.create(
      *body, byAdmin, [&](store::Transaction& rows, const access::User& created) {
        return noted(parts.audit, request, "create", "user", created.id)(rows);
      });
  if (!user) {
    return user.error();
  }
  return jsonResponse(json::object{{"token", tokenFor(parts, *user)},
                                   {"user", access::signInView(*user)},
                                   {"userId", user->id}},
                      201);
}

Answer currentUser(const SignInParts& parts, Request& request) {
  auto user = parts.users.byId(request.caller->userId);
  return user ? Answer(jsonResponse(access::ownView(*user))) : Answer(user.error());
}

Answer changePassword(const SignInParts& parts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string oldPassword = json::getString(*body, "oldPassword");
  const std::string newPassword = json::getString(*body, "newPassword");
  if (auto valid = access::checkPassword(newPassword); !valid) {
    return base::fail(base::Code::kInvalid, "\"newPassword\" must have 5 characters or more.");
  }
  const std::string& name = request.caller->username;
  if (auto allowed = parts.throttle.check(name, request.clientAddress); !allowed) {
    return allowed.error();
  }
  auto status = parts.users.changePassword(request.caller->userId, oldPassword, newPassword);
  if (!status) {
    parts.throttle.failed(name, request.clientAddress);
    return status.error();
  }
  return jsonResponse(json::object{});
}

Answer resetPassword(const SignInParts& parts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string login = json::getString(*body, "email", json::getString(*body, "username"));
  const std::string password = json::getString(*body, "password");
  if (login.empty() || password.empty()) {
    return base::fail(base::Code::kInvalid, "\"email\" and \"password\" are required.");
  }
  auto status = parts.users.resetPassword(login, password);
  return status ? Answer(jsonResponse(json::object{{"ok", true}})) : Answer(status.error());
}

std::string joined(std::string base, const std::string& suffix) {
  while (base.ends_with('/')) {
    base.pop_back();
  }
  return base + "/" + suffix;
}

Answer forgotPassword(const SignInParts& parts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string email = json::getString(*body, "email");
  if (auto allowed = parts.throttle.check("forgot " + email, request.clientAddress); !allowed) {
    return allowed.error();
  }
  parts.throttle.failed("forgot " + email, request.clientAddress);
  auto user = parts.users.byLogin(email);
  if (user && parts.tellCode) {
    const std::string code = parts.codes.make(user->id);
    const std::string page = joined(
        parts.configuration.text("APPMIXER_FE_URL", "http://localhost:8080"),
        parts.configuration.text("RESET_PASSWORD_FE_URL_SUFFIX", "reset-password"));
    parts.tellCode(*user, code, page + "?code=" + code);
  }
  return jsonResponse(json::object{});
}

Answer redeemCode(const SignInParts& parts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string password = json::getString(*body, "password");
  if (auto valid = access::checkPassword(password); !valid) {
    return valid.error();
  }
  if (auto allowed = parts.throttle.check("code", request.clientAddress); !allowed) {
    return allowed.error();
  }
  const auto userId = parts.codes.redeem(json::getString(*body, "code"));
  auto user = userId ? parts.users.byId(*userId)
                     : base::Result<access::User>(base::fail(base::Code::kNotFound, ""));
  if (!user) {
    parts.throttle.failed("code", request.clientAddress);
    return base::fail(base::Code::kInvalid, "\"code\" is unknown, used or too old.");
  }
  auto status = parts.users.resetPassword(user->email, password);
  return status ? Answer(jsonResponse(json::object{})) : Answer(status.error());
}

}  // namespace

void addSignInRoutes(Router& router, SignInParts parts) {
  const auto with = [parts](auto act) -> Handler {
    return [parts, act](Request& request) { return act(parts, request); };
  };
  router.add(Method::kPost, "/user/auth", {.access = Access::kOpen}, "Sign in: user and token",
             with(signIn));
  router.add(Method::kPost, "/user", {.access = Access::kOpen},
             "Create a user (who may: API_USER_CREATE_SCOPE)", with(createUser));
  router.add(Method::kGet, "/user", {}, "The current user", with(currentUser));
  router.add(Method::kPost, "/user/change-password", {}, "Change one's own password",
             with(changePassword));
  router.add(Method::kPost, "/user/reset-password", {.access = Access::kAdmin},
             "Set a user's password", with(resetPassword));
  for (const std::string prefix : {"", "/user"}) {
    router.add(Method::kPost, prefix + "/forgot-password", {.access = Access::kOpen},
               "Ask for a one-time code", with(forgotPassword));
    router.add(Method::kPost, prefix + "/forgot-password/reset", {.access = Access::kOpen},
               "Set a new password with a one-time code", with(redeemCode));
  }
}

}  // namespace patchbay::http
