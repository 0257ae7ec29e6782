// Text against a pattern of *, ? and backslash, without regard to (ASCII) case. Time is at most length times length.
#pragma once

#include <string_view>

namespace patchbay::insights {

bool matchesWildcard(std::string_view pattern, std::string_view text);

}  // namespace patchbay::insights
