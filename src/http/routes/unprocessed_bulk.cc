#include "http/routes/unprocessed_bulk.h"

#include <utility>

#include "base/json.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using flows::UnprocessedBulk;

Answer begin(UnprocessedBulk& bulk, const Request& request, UnprocessedBulk::Action action) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto filter = flows::UnprocessedFilter::parse(*body);
  if (!filter) {
    return filter.error();
  }
  auto begun = bulk.begin(*request.caller, action, *filter);
  return begun ? Answer(jsonResponse(json::object{{"count", begun->count}, {"ticket", begun->ticket}}))
               : Answer(begun.error());
}

Answer retry(UnprocessedBulk& bulk, const Request& request) { return begin(bulk, request, UnprocessedBulk::Action::kRetry); }

Answer remove(UnprocessedBulk& bulk, const Request& request) { return begin(bulk, request, UnprocessedBulk::Action::kDelete); }

Answer status(UnprocessedBulk& bulk, const Request& request) {
  auto found = bulk.status(*request.caller, request.param("ticket"));
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

Answer cancel(UnprocessedBulk& bulk, const Request& request) {
  const base::Status cancelled = bulk.cancel(*request.caller, request.param("ticket"));
  return cancelled ? Answer(jsonResponse(json::object())) : Answer(cancelled.error());
}

}  // namespace

void addUnprocessedBulkRoutes(Router& router, flows::UnprocessedBulk& bulk) {
  using Run = Answer (*)(UnprocessedBulk&, const Request&);
  const auto with = [&bulk](Run run) -> Handler {
    return [&bulk, run](Request& request) { return run(bulk, request); };
  };
  router.add(Method::kPost, "/unprocessed-messages/bulk/retry", {},
             "Put back all unprocessed messages that a filter admits; answers a ticket",
             with(retry));
  router.add(Method::kPost, "/unprocessed-messages/bulk/delete", {},
             "Drop all unprocessed messages that a filter admits; answers a ticket", with(remove));
  router.add(Method::kGet, "/unprocessed-messages/bulk/:ticket", {}, "Progress of a bulk command",
             with(status));
  router.add(Method::kDelete, "/unprocessed-messages/bulk/:ticket", {},
             "Cancel a bulk command; what is done stays done", with(cancel));
}

}  // namespace patchbay::http
