#include "http/pipeline.h"

#include <spdlog/spdlog.h>

namespace patchbay::http {

namespace {

std::string_view tokenOf(const Request& request) {
  const auto found = request.headers.find("authorization");
  return found == request.headers.end() ? std::string_view() : access::Gate::bearer(found->second);
}

base::Error noToken() {
  return base::fail(base::Code::kUnauthorized, "Missing token: sign in with POST /user/auth.");
}

access::RouteAction actionOf(Method method) {
  switch (method) {
    case Method::kGet: return access::RouteAction::kRead;
    case Method::kPost: return access::RouteAction::kCreate;
    case Method::kPut:
    case Method::kPatch: return access::RouteAction::kUpdate;
    case Method::kDelete: return access::RouteAction::kDelete;
  }
  return access::RouteAction::kRead;
}

// POST to something below a resource (start, stop, clone, …) changes it; POST to the family creates.
access::RouteAction actionOf(const Route& route) {
  const bool below = route.method == Method::kPost && route.pattern.find(':') != std::string::npos;
  return below ? access::RouteAction::kUpdate : actionOf(route.method);
}

// GET /user tells a client that its user is gone; everywhere else that is a bad token.
base::Error userGone(const Route& route, const base::Error& error) {
  if (error.code != base::Code::kNotFound) {
    return error;
  }
  const bool ownUser = route.method == Method::kGet && route.pattern == "/user";
  return base::fail(ownUser ? base::Code::kNotFound : base::Code::kUnauthorized,
                    "The user of this token does not exist any more.");
}

base::Error bug(const Route& route, std::string_view what) {
  spdlog::error("{} {} failed: {}", methodText(route.method), route.pattern, what);
  return base::fail(base::Code::kInternal,
                    "The server failed to answer this request; its log says why.");
}

}  // namespace

base::Status Pipeline::check(const Route& route, const Request& request) {
  if (route.access == Access::kOpen) {
    return {};
  }
  const std::string_view token = tokenOf(request);
  if (token.empty()) {
    return noToken();
  }
  if (auto userId = gate_.checkToken(token); !userId) {
    return userId.error();
  }
  return route.grows ? disk_.admit("Nothing was stored") : base::Status();
}

base::Status Pipeline::allow(const Route& route, const Request& request) const {
  if (route.access == Access::kOpen) {
    return {};
  }
  if (route.access == Access::kAdmin && !request.caller->isAdmin()) {
    return base::fail(base::Code::kForbidden, "This needs the scope admin.");
  }
  if (!route.family.empty() && !acl_.mayCall(*request.caller, route.family, actionOf(route))) {
    return base::fail(base::Code::kForbidden,
                      "The access rules of \"" + route.family + "\" do not allow this.");
  }
  return {};
}

Pipeline::Admitted Pipeline::tryAdmit(const Route& route, Request& request, base::Error& refusal) {
  const std::string_view token = tokenOf(request);
  if (token.empty()) {
    if (route.access == Access::kOpen) {
      return Admitted::kYes;
    }
    refusal = noToken();
    return Admitted::kNo;
  }
  auto userId = gate_.checkToken(token);
  if (!userId) {
    if (route.access == Access::kOpen) {
      return Admitted::kYes;
    }
    refusal = userId.error();
    return Admitted::kNo;
  }
  const auto caller = gate_.cachedCaller(*userId);
  if (!caller) {
    return Admitted::kMustAsk;
  }
  request.caller = *caller;
  auto allowed = allow(route, request);
  if (!allowed) {
    refusal = allowed.error();
  }
  return allowed ? Admitted::kYes : Admitted::kNo;
}

base::Status Pipeline::admit(const Route& route, Request& request) {
  const std::string_view token = tokenOf(request);
  if (token.empty()) {
    return route.access == Access::kOpen ? base::Status() : base::Status(noToken());
  }
  auto caller = gate_.caller(token);
  if (caller) {
    request.caller = **caller;
  } else if (route.access != Access::kOpen) {
    return userGone(route, caller.error());
  }
  return allow(route, request);
}

base::Result<Response> Pipeline::run(const Route& route, Request& request) {
  try {
    return route.handler(request);
  } catch (const std::exception& failure) {
    return bug(route, failure.what());
  } catch (...) {
    return bug(route, "an exception of unknown type");
  }
}

void Pipeline::runAsync(const Route& route, Request request, Respond respond) {
  try {
    route.asyncHandler(std::move(request), respond);
  } catch (const std::exception& failure) {
    respond(bug(route, failure.what()));
  } catch (...) {
    respond(bug(route, "an exception of unknown type"));
  }
}

}  // namespace patchbay::http
