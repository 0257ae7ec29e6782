#include "http/routes/accounts.h"

#include "base/json.h"
#include "http/body.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using accounts::Accounts;

template <typename Document>
Answer answer(base::Result<Document> document) {
  return document ? Answer(jsonResponse(std::move(*document))) : Answer(document.error());
}

const std::string& who(const Request& request) { return request.caller->userId; }

bool isOff(const Request& request, std::string_view name) {
  return request.queryValue(name).value_or("") == "false";
}

Answer list(Accounts& accounts, Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto views = accounts.list(who(request));
  if (!views) {
    return views.error();
  }
  return jsonResponse(query->apply(std::move(*views), {"accountId", {"name", "displayName", "service"}}));
}

Answer create(Accounts& accounts, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  return answer(accounts.create(who(request), *body,
                                {.validate = !isOff(request, "validateScope"),
                                 .requestProfile = !isOff(request, "requestProfileInfo")}));
}

Answer rename(Accounts& accounts, Request& request) {
  auto body = objectBody(request);
  return body ? answer(accounts.rename(who(request), request.param("accountId"), *body))
              : Answer(body.error());
}

Answer remove(Accounts& accounts, Request& request) {
  const std::string& accountId = request.param("accountId");
  auto status = accounts.remove(who(request), accountId);
  return status ? Answer(jsonResponse(json::object{{"accountId", accountId}}))
                : Answer(status.error());
}

Answer assign(Accounts& accounts, Request& request) {
  const std::string& componentId = request.param("componentId");
  const std::string& accountId = request.param("accountId");
  auto status = accounts.assign(who(request), componentId, accountId,
                                request.queryValue("flowId").value_or(""));
  return status ? Answer(jsonResponse(
                      json::object{{"accountId", accountId}, {"componentId", componentId}}))
                : Answer(status.error());
}

Answer unassign(Accounts& accounts, Request& request) {
  const std::string& componentId = request.param("componentId");
  auto status =
      accounts.unassign(who(request), componentId, request.queryValue("flowId").value_or(""));
  return status ? Answer(jsonResponse(json::object{{"componentId", componentId}}))
                : Answer(status.error());
}

Answer profileField(Accounts& accounts, Request& request) {
  const auto componentId = request.queryValue("componentId");
  if (!componentId) {
    return base::fail(base::Code::kInvalid, "The parameter \"componentId\" is required.");
  }
  auto value = accounts.profileField(who(request), *componentId, request.param("field"));
  return value ? Answer(jsonResponse(json::object{{"response", *value}})) : Answer(value.error());
}

Answer noOauth(Accounts&, Request&) {
  return base::fail(base::Code::kInvalid,
                    "Signing in through the provider (OAuth) is not available in this version. "
                    "Accounts with a key or a password are made with POST /accounts.");
}

void addAssignmentRoutes(const std::function<void(Method, std::string, std::string,
                                                  Answer (*)(Accounts&, Request&))>& add) {
  add(Method::kGet, "/accounts/:accountId/flows", "Flows that use an account",
      [](Accounts& accounts, Request& request) {
        return answer(accounts.flowsOf(who(request), request.param("accountId")));
      });
  add(Method::kGet, "/accounts/flow/:flowId", "Which components need an account, and have which",
      [](Accounts& accounts, Request& request) {
        return answer(accounts.ofFlow(who(request), request.caller->isAdmin(),
                                      request.param("flowId")));
      });
  add(Method::kGet, "/accounts/profile-info/:field", "A field of a component's account's profile",
      profileField);
  add(Method::kGet, "/auth/flow/:flowId", "Accounts usable by the components of a flow",
      [](Accounts& accounts, Request& request) {
        return answer(accounts.choicesOfFlow(who(request), request.caller->isAdmin(),
                                             request.param("flowId")));
      });
  add(Method::kGet, "/auth/:componentType", "Accounts usable by a component",
      [](Accounts& accounts, Request& request) {
        return answer(accounts.choices(who(request), request.param("componentType"),
                                       request.queryValue("componentId").value_or("")));
      });
  add(Method::kPut, "/auth/component/:componentId/:accountId", "Give a component an account",
      assign);
  add(Method::kDelete, "/auth/component/:componentId", "Take a component's account away",
      unassign);
}

}  // namespace

void addAccountRoutes(Router& router, Accounts& accounts) {
  const auto add = [&](Method method, std::string pattern, std::string summary,
                       Answer (*act)(Accounts&, Request&)) {
    router.add(method, std::move(pattern), {}, std::move(summary),
               [&accounts, act](Request& request) { return act(accounts, request); });
  };
  add(Method::kGet, "/accounts", "One's accounts", list);
  add(Method::kPost, "/accounts", "Create an account, or renew the same one", create);
  add(Method::kGet, "/accounts/:accountId", "One account",
      [](Accounts& all, Request& request) {
        return answer(all.get(who(request), request.param("accountId")));
      });
  add(Method::kPut, "/accounts/:accountId", "Change an account's display name", rename);
  add(Method::kDelete, "/accounts/:accountId", "Remove an account; flows that use it stop", remove);
  add(Method::kPost, "/accounts/:accountId/test", "Are its credentials still good",
      [](Accounts& all, Request& request) {
        return answer(all.test(who(request), request.param("accountId")));
      });
  addAssignmentRoutes(add);
  add(Method::kPost, "/auth/ticket", "Begin an interactive sign-in (not in this version)", noOauth);
  add(Method::kGet, "/auth/:componentType/auth-url/:ticket",
      "Address of an interactive sign-in (not in this version)", noOauth);
}

}  // namespace patchbay::http
