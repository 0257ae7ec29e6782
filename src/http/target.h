// The request target: path segments and query, decoded (rest-api §1.4, §1.5).
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::http {

// %XX decoded once; nothing for a bad escape or a zero byte. `form`: '+' is a space.
std::optional<std::string> percentDecode(std::string_view text, bool form = false);
// Everything but unreserved characters escaped.
std::string percentEncode(std::string_view text);

// Still encoded; empty segments ("//", a trailing "/") are left out.
std::vector<std::string_view> pathSegments(std::string_view rawPath);

// "a=1&b[]=2" as pairs in order, "b[]" as "b"; nothing for a bad escape or more than 1000 pairs.
std::optional<std::vector<std::pair<std::string, std::string>>> parseQuery(std::string_view text);

}  // namespace patchbay::http
