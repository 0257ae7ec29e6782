// What a request's first line and header fields decide before its body comes: the route, or the
// answer that refuses it.
//
// Threads: the connection's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/detail/request_parser.h"
#include "http/detail/service.h"
#include "http/route.h"

namespace patchbay::http {

struct Heading {
  const Route* route = nullptr;     // of what is not refused; also where its body is what is refused
  std::optional<Response> refusal;
  bool headOnly = false;            // the answer has no body
};

// Completes the parser's request (method, path, query, parameters), and where it is not refused
// limits its body as the route says.
Heading readHeading(RequestParser& parser, const Service& service, const std::string& clientAddress);

// The request says that its body has more than so many bytes.
bool announcesBodyOver(const RequestParser& parser, std::uint64_t bytes);

Response bodyTooLarge(std::size_t limit);  // 413
Response serverBusy();                     // 503

}  // namespace patchbay::http
