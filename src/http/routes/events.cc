#include "http/routes/events.h"

#include "base/json.h"

namespace patchbay::http {

namespace {

base::Result<access::Caller> listener(LiveEvents& events, const Request& request) {
  if (request.caller) {
    return *request.caller;
  }
  const auto ticket = request.queryValue("ticket");
  if (!ticket) {
    return base::fail(base::Code::kUnauthorized, "Events need a token, or ?ticket= from POST /events/ticket.");
  }
  return events.redeem(*ticket);
}

base::Result<Response> listen(LiveEvents& events, const Request& request) {
  const auto caller = listener(events, request);
  if (!caller) {
    return caller.error();
  }
  const auto stream = events.listen(*caller);
  return stream ? base::Result<Response>((*stream)->response()) : stream.error();
}

std::string_view changeOf(const updates::Operation& operation) {
  if (operation.action == updates::Action::kRemove) {
    return "connector.removed";
  }
  return operation.from.empty() ? "connector.installed" : "connector.updated";
}

}  // namespace

void addEventRoutes(Router& router, LiveEvents& events) {
  router.add(Method::kGet, "/events", {.access = Access::kOpen}, "What happens, as server-sent events; needs a token or a ticket",
             [&events](Request& request) { return listen(events, request); });
  router.add(Method::kPost, "/events/ticket", RouteRules{}, "A ticket that opens GET /events once, within a minute",
             [&events](Request& request) -> base::Result<Response> {
               return jsonResponse(json::object{{"ticket", events.newTicket(*request.caller)}});
             });
}

void tellOfOperations(updates::Operations& operations, LiveEvents& events) {
  operations.watch("", [&events](const updates::Operation& operation) {
    events.tellAdmins("connector.operation", json::write(operation.toJson()));
    if (operation.status == "completed") {
      events.tellAdmins(changeOf(operation), json::write(json::object{{"name", operation.name}, {"version", operation.to}}));
      events.tellEverybody("components.changed", "{}");
    }
    return true;
  });
}

}  // namespace patchbay::http
