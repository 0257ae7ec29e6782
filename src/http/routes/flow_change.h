// What routes that change a flow share: the change itself, and what its answer says.
//
// Threads: request threads; waits for the engine.
#pragma once

#include <boost/json/value.hpp>

#include "http/routes/flows.h"

namespace patchbay::http {

// The ETag of a flow that was last changed then (ms).
std::string flowTag(std::int64_t mtime);

// Writes the fields in `body` to flow :id, as PUT /flows/:id does: forceUpdate and inProgressData
// of the query say what happens to a flow that runs, If-Match which state of it is meant.
base::Result<Response> changeFlow(const FlowParts& parts, const Request& request,
                                  const boost::json::object& body);

// R28: components one may not use are saved, and named in the answer.
void nameForbidden(const FlowParts& parts, const Request& request, const boost::json::object& body,
                   boost::json::object& answer);

}  // namespace patchbay::http
