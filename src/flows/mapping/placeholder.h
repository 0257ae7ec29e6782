// Placeholders `{{{id}}}` in the texts of a lambda.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace patchbay::flows::mapping {

struct Placeholder {
  std::size_t begin = 0, end = 0;  // with its braces
  std::string_view id;             // without white space around it
};

// In the order of the text. Braces must hold at least one character, and none of them a brace.
std::vector<Placeholder> findPlaceholders(std::string_view text);

}  // namespace patchbay::flows::mapping
