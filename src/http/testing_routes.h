// Asks a router without a socket, for tests of routes: what a session and the pipeline do around a
// handler, no more.
#pragma once

#include <functional>
#include <future>
#include <string>
#include <utility>

#include "http/error_body.h"
#include "http/pipeline.h"
#include "http/route.h"
#include "http/target.h"

namespace patchbay::http {

// `enter` fills in who asks, and headers; its error is the answer.
using Enter = std::function<base::Status(const Route&, Request&)>;

// A streamed answer as one that is whole; its pieces must be delivered at once.
inline void readStream(Response& response) {
  for (bool more = response.stream != nullptr; more;) {
    more = false;
    response.stream->next([&](base::Result<std::string> piece) {
      more = piece && !piece->empty();
      response.body += more ? *piece : "";
    });
  }
}

inline Response askRoute(const Router& router, Method method, const std::string& target,
                         std::string body, const Enter& enter) {
  const auto question = target.find('?');
  auto match = router.match(method, target.substr(0, question));
  if (match.route == nullptr) {
    return errorResponse(404, "NOT_FOUND", "no route");
  }
  Request request;
  request.method = method;
  request.params = match.params;
  request.query = *parseQuery(question == std::string::npos ? "" : target.substr(question + 1));
  request.body = std::move(body);
  request.clientAddress = "127.0.0.1";
  if (auto entered = enter(*match.route, request); !entered) {
    return errorResponse(entered.error());
  }
  std::promise<Response> answer;
  const Respond respond = [&answer](base::Result<Response> result) {
    answer.set_value(result ? std::move(*result) : errorResponse(result.error()));
  };
  if (match.route->asyncHandler) {
    Pipeline::runAsync(*match.route, std::move(request), respond);
  } else {
    respond(Pipeline::run(*match.route, request));
  }
  Response response = answer.get_future().get();
  readStream(response);
  return response;
}

}  // namespace patchbay::http
