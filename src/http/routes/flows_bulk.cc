#include "http/routes/flows_bulk.h"

#include <utility>

#include "http/body.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

Answer begin(flows::FlowsBulk& bulk, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto command = flows::FlowsBulk::parse(*body);
  if (!command) {
    return command.error();
  }
  auto begun = bulk.begin(*request.caller, *std::move(command));
  return begun ? Answer(jsonResponse(std::move(*begun), 202)) : Answer(begun.error());
}

Answer status(flows::FlowsBulk& bulk, const Request& request) {
  auto found = bulk.status(request.param("ticket"));
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

}  // namespace

void addFlowsBulkRoutes(Router& router, flows::FlowsBulk& bulk) {
  const RouteRules rules{.access = Access::kAdmin, .family = "flows"};
  router.add(Method::kPost, "/flows/bulk/coordinator", rules,
             "Start or stop many flows; answers a ticket",
             [&bulk](Request& request) { return begin(bulk, request); });
  router.add(Method::kGet, "/flows/bulk/coordinator/:ticket", rules,
             "Progress of many flows' start or stop",
             [&bulk](Request& request) { return status(bulk, request); });
}

}  // namespace patchbay::http
