#include "insights/wildcard.h"

#include <cstddef>

namespace patchbay::insights {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// One position of a pattern that is not a star: does it take `c`, and how long is it?
struct Step {
  bool takes;
  std::size_t length;
};

Step stepAt(std::string_view pattern, std::size_t at, char c) {
  if (pattern[at] == '\\' && at + 1 < pattern.size()) {
    return {lower(pattern[at + 1]) == lower(c), 2};
  }
  return {pattern[at] == '?' || lower(pattern[at]) == lower(c), 1};
}

// The first place from `from` on where the text after a star can begin; most of a long text is passed over here.
std::size_t nextStart(std::string_view pattern, std::size_t at, std::string_view text, std::size_t from) {
  if (at >= pattern.size() || pattern[at] == '?' || pattern[at] == '*') {
    return from;
  }
  const char first = lower(pattern[at] == '\\' && at + 1 < pattern.size() ? pattern[at + 1] : pattern[at]);
  while (from < text.size() && lower(text[from]) != first) {
    ++from;
  }
  return from;
}

}  // namespace

// Only the last star is ever taken back: an earlier one that found its text early has left the others the most room.
bool matchesWildcard(std::string_view pattern, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t p = 0, t = 0, starPattern = kNone, starText = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      starPattern = ++p;
      if (p == pattern.size()) {
        return true;
      }
      t = starText = nextStart(pattern, p, text, t);
      continue;
    }
    if (p < pattern.size()) {
      const Step step = stepAt(pattern, p, text[t]);
      if (step.takes) {
        p += step.length;
        ++t;
        continue;
      }
    }
    if (starPattern == kNone) {
      return false;
    }
    p = starPattern;
    t = starText = nextStart(pattern, p, text, starText + 1);
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

}  // namespace patchbay::insights
