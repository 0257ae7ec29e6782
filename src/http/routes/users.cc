#include "http/routes/users.h"

#include "base/json.h"
#include "http/body.h"
#include "http/list_query.h"
#include "http/routes/audit.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

const ListQuery::Fields& fields() {
  static const ListQuery::Fields kFields{"id", {"username", "email"}};
  return kFields;
}

base::Result<json::array> allUsers(access::Users& users) {
  auto all = users.all();
  if (!all) {
    return all.error();
  }
  json::array views;
  for (const access::User& user : *all) {
    views.push_back(access::adminView(user));
  }
  return views;
}

Answer listUsers(access::Users& users, Request& request, bool countOnly) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto views = allUsers(users);
  if (!views) {
    return views.error();
  }
  if (countOnly) {
    return jsonResponse(json::object{{"count", query->count(*views, fields())}});
  }
  return jsonResponse(query->apply(std::move(*views), fields()));
}

Answer oneUser(base::Result<access::User> user) {
  return user ? Answer(jsonResponse(access::adminView(*user))) : Answer(user.error());
}

Answer updateUser(access::Users& users, const access::Audit& audit, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string& userId = request.param("userId");
  const store::Unit note = noted(audit, request, "change", "user", userId);
  return oneUser(users.update(
      userId, *body, [&](store::Transaction& rows, const access::User&) { return note(rows); }));
}

Answer removeUser(access::UserRemoval& removal, const access::Audit& audit, Request& request) {
  const std::string& userId = request.param("userId");
  if (userId == request.caller->userId) {
    return base::fail(base::Code::kConflict, "You cannot delete yourself.");
  }
  auto ticket = removal.begin(userId, request.caller->userId,
                              noted(audit, request, "remove", "user", userId));
  return ticket ? Answer(jsonResponse(json::object{{"ticket", *ticket}})) : Answer(ticket.error());
}

Answer removalStatus(access::UserRemoval& removal, Request& request) {
  auto status = removal.status(request.param("userId"), request.param("ticket"));
  return status ? Answer(jsonResponse(std::move(*status))) : Answer(status.error());
}

}  // namespace

void addUserRoutes(Router& router, access::Users& users, access::UserRemoval& removal,
                   access::Audit& audit) {
  router.add(Method::kGet, "/users", {.access = Access::kAdmin}, "List users",
             [&users](Request& request) { return listUsers(users, request, false); });
  router.add(Method::kGet, "/users/count", {.access = Access::kAdmin}, "Count users",
             [&users](Request& request) { return listUsers(users, request, true); });
  router.add(Method::kGet, "/users/:userId", {.access = Access::kAdmin}, "One user",
             [&users](Request& request) { return oneUser(users.byId(request.param("userId"))); });
  router.add(Method::kPut, "/users/:userId", {.access = Access::kAdmin},
             "Change e-mail, scope, vendor or metadata of a user",
             [&users, &audit](Request& request) { return updateUser(users, audit, request); });
  router.add(Method::kDelete, "/users/:userId", {.access = Access::kAdmin},
             "Delete a user and all that is his; answers a ticket",
             [&removal, &audit](Request& request) { return removeUser(removal, audit, request); });
  router.add(Method::kGet, "/users/:userId/delete-status/:ticket", {.access = Access::kAdmin},
             "Progress of a user's removal",
             [&removal](Request& request) { return removalStatus(removal, request); });
}

}  // namespace patchbay::http
