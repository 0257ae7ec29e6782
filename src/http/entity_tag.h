// Conditional writes: an ETag of what was read comes back in If-Match (docs/errors/CHANGED.md).
#pragma once

#include <string>
#include <string_view>

#include "http/route.h"

namespace patchbay::http {

// "…" with its quotes.
inline std::string entityTag(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

// If-Match names this tag, names anything, or is not there.
inline bool ifMatch(const Request& request, std::string_view tag) {
  const auto header = request.headers.find("if-match");
  return header == request.headers.end() || header->second == "*" ||
         header->second.find(tag) != std::string::npos;
}

}  // namespace patchbay::http
