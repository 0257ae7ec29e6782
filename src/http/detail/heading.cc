#include "http/detail/heading.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "http/detail/response_head.h"
#include "http/error_body.h"
#include "http/target.h"

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxTarget = 16 * 1024;
constexpr std::uint64_t kMaxReserve = 1024 * 1024;  // for a body that is only announced

std::optional<Method> methodOf(std::string_view name) {
  if (name == "GET" || name == "HEAD") return Method::kGet;
  if (name == "POST") return Method::kPost;
  if (name == "PUT") return Method::kPut;
  if (name == "PATCH") return Method::kPatch;
  if (name == "DELETE") return Method::kDelete;
  return std::nullopt;
}

Response badTarget() {
  return errorResponse(
      base::fail(base::Code::kInvalid,
                 "The path or the query has a bad percent escape, or too many parameters."));
}

Response notAllowed(const std::string& methods) {
  Response response =
      errorResponse(405, "METHOD_NOT_ALLOWED", "This path answers to " + methods + " only.");
  response.headers.emplace_back("Allow", methods);
  return response;
}

// Without scheme and host of the absolute form ("http://host/path"), and without a fragment.
std::string_view localTarget(std::string_view target) {
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    const auto slash = scheme == std::string_view::npos ? scheme : target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  return target.substr(0, target.find('#'));
}

// Path and query to a route; the answer where there is none.
std::optional<Response> readTarget(std::string_view target, const Router& router, Request& request,
                                   const Route*& route) {
  request.target = target;
  const auto question = target.find('?');
  const std::string_view rawPath = target.substr(0, question);
  auto path = percentDecode(rawPath);
  auto query = question == std::string_view::npos ? parseQuery({})
                                                  : parseQuery(target.substr(question + 1));
  if (!path || !query) {
    return badTarget();
  }
  request.path = std::move(*path);
  request.query = std::move(*query);
  auto match = router.match(request.method, rawPath);
  if (match.route == nullptr) {
    return match.pathKnown
               ? notAllowed(match.allow)
               : errorResponse(base::fail(base::Code::kNotFound,
                                          "There is nothing at " + request.path + "."));
  }
  route = match.route;
  request.params = std::move(match.params);
  return std::nullopt;
}

// What speaks against reading the body of a request that has a route.
std::optional<Response> refusalOf(const Route& route, const RequestParser& parser,
                                  const Service& service) {
  if (auto admitted = service.pipeline.check(route, parser.request); !admitted) {
    return errorResponse(admitted.error());
  }
  if (const std::size_t limit = service.limit(route); announcesBodyOver(parser, limit)) {
    return bodyTooLarge(limit);
  }
  if (service.bodiesBytes.load(std::memory_order_relaxed) > service.options.maxBodiesBytes) {
    return serverBusy();
  }
  return std::nullopt;
}

}  // namespace

Response bodyTooLarge(std::size_t limit) {
  return errorResponse(base::fail(
      base::Code::kTooLarge, "The request body is over the limit of " + std::to_string(limit) +
                                 " bytes. Nothing was changed."));
}

Response serverBusy() {
  return errorResponse(base::fail(base::Code::kUnavailable,
                                  "The server has too many requests at work. Try again soon."));
}

bool announcesBodyOver(const RequestParser& parser, std::uint64_t bytes) {
  const auto length = parser.content_length();
  return length && *length > bytes;
}

Heading readHeading(RequestParser& parser, const Service& service,
                    const std::string& clientAddress) {
  Heading heading;
  Request& request = parser.request;
  if (parser.methodName == "OPTIONS") {
    heading.refusal = preflightResponse(request);
    return heading;
  }
  if (parser.target.size() > kMaxTarget) {
    heading.refusal =
        errorResponse(414, "TARGET_TOO_LONG", "The request's path and query are too long.");
    return heading;
  }
  const auto method = methodOf(parser.methodName);
  if (!method) {
    heading.refusal = errorResponse(501, "METHOD_UNKNOWN", "This HTTP method is not supported.");
    return heading;
  }
  request.method = *method;
  heading.headOnly = parser.methodName == "HEAD";
  request.clientAddress = clientAddress;
  heading.refusal =
      readTarget(localTarget(parser.target), service.router, request, heading.route);
  if (!heading.refusal) {
    heading.refusal = refusalOf(*heading.route, parser, service);
  }
  if (heading.refusal) {
    return heading;
  }
  parser.limitBody(service.limit(*heading.route));
  if (const auto length = parser.content_length(); length && *length > 0) {
    request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, kMaxReserve)));
  }
  return heading;
}

}  // namespace patchbay::http
