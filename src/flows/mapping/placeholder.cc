#include "flows/mapping/placeholder.h"

namespace patchbay::flows::mapping {

namespace {

constexpr std::string_view kOpen = "{{{", kClose = "}}}", kSpace = " \t\n\v\f\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

std::vector<Placeholder> findPlaceholders(std::string_view text) {
  std::vector<Placeholder> found;
  std::size_t at = text.find(kOpen);
  while (at != std::string_view::npos) {
    const std::size_t inside = at + kOpen.size();
    const std::size_t brace = text.find_first_of("{}", inside);
    if (brace == std::string_view::npos) {
      break;
    }
    const bool whole = brace > inside && text.substr(brace, kClose.size()) == kClose;
    if (whole) {
      found.push_back({at, brace + kClose.size(), trimmed(text.substr(inside, brace - inside))});
    }
    at = text.find(kOpen, whole ? brace + kClose.size() : at + 1);
  }
  return found;
}

}  // namespace patchbay::flows::mapping
