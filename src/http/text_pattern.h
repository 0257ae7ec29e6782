// The small pattern language of a "~" filter: plain text, "^", "$", "." and ".*", without regard to case. Time is linear in the text
// times the pattern, so that no filter of a client can keep the server busy.
#pragma once

#include <string_view>

namespace patchbay::http {

bool containsText(std::string_view text, std::string_view part);  // ASCII case folded
bool matchesPattern(std::string_view text, std::string_view pattern);

}  // namespace patchbay::http
