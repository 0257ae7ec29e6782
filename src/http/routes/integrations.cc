#include "http/routes/integrations.h"

#include <utility>

#include "base/json.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using flows::Integrations;

Answer ticketOf(base::Result<std::string> ticket) {
  return ticket ? Answer(jsonResponse(json::object{{"ticket", std::move(*ticket)}}))
                : Answer(ticket.error());
}

Answer update(Integrations& integrations, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const json::value* word = json::find(*body, "inProgressData");
  const bool drops = word != nullptr && *word == "delete";
  if (word != nullptr && !drops && *word != "keep") {
    return base::fail(base::Code::kInvalid, "\"inProgressData\" must be keep or delete.");
  }
  return ticketOf(integrations.beginUpdate(
      *request.caller, request.param("id"),
      drops ? flows::InProgressData::kDelete : flows::InProgressData::kKeep));
}

Answer remove(Integrations& integrations, const Request& request) {
  return ticketOf(integrations.beginDelete(*request.caller, request.param("id")));
}

Answer status(Integrations& integrations, const Request& request) {
  auto found = integrations.status(*request.caller, request.param("ticket"));
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

}  // namespace

void addIntegrationRoutes(Router& router, Integrations& integrations) {
  using Run = Answer (*)(Integrations&, const Request&);
  const auto with = [&integrations](Run run) -> Handler {
    return [&integrations, run](Request& request) { return run(integrations, request); };
  };
  const RouteRules rules{.family = "flows"};
  router.add(Method::kPost, "/integrations/:id/update-integration-instances", rules,
             "Give all instances of a template its descriptor; answers a ticket", with(update));
  router.add(Method::kDelete, "/integrations/:id", rules,
             "Delete an integration's draft, template and instances; answers a ticket",
             with(remove));
  router.add(Method::kGet, "/integrations/status/:ticket", rules,
             "Progress of an update or deletion", with(status));
}

}  // namespace patchbay::http
