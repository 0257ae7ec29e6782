// A request's JSON body as an object, for the many routes that want one.
#pragma once

#include <boost/json.hpp>

#include "base/result.h"
#include "http/route.h"

namespace patchbay::http {

// An empty body and null are an empty object. kInvalid otherwise.
inline base::Result<boost::json::object> objectBody(const Request& request) {
  auto body = request.json();
  if (!body) {
    return body.error();
  }
  if (body->is_null()) {
    return boost::json::object();
  }
  if (!body->is_object()) {
    return base::fail(base::Code::kInvalid, "The request body must be a JSON object.");
  }
  return std::move(body->get_object());
}

}  // namespace patchbay::http
