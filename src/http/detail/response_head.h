// The head of an answer as bytes: status line and headers, CORS included, whatever a handler or a component put into it.
//
// Threads: free functions.
#pragma once

#include <string>

#include "http/route.h"

namespace patchbay::http {

struct HeadOptions {
  bool close = false;
  bool chunked = false;
  bool keepAlive10 = false;  // an HTTP/1.0 client asked to keep the connection
  std::string_view date;     // as the Date header wants it
};

// Headers that frame the message, and those that are not valid, are left out. A status outside 200-599 becomes 500.
void writeHead(const Response& response, const HeadOptions& options, std::string& out);
bool hasBody(int status);
// The answer to OPTIONS.
Response preflightResponse(const Request& request);

}  // namespace patchbay::http
