#include "flows/mapping/json_cursor.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace patchbay::flows::mapping {

namespace {

constexpr std::array<bool, 256> marked(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

constexpr auto kSpace = marked(" \t\n\r");
constexpr auto kEndsScalar = marked(",]} \t\n\r:\"[{");
constexpr auto kStructure = marked("\"{}[]");

bool is(const std::array<bool, 256>& table, char c) { return table[static_cast<unsigned char>(c)]; }

void skipSpace(std::string_view text, std::size_t& at) {
  while (at < text.size() && is(kSpace, text[at])) {
    ++at;
  }
}

// The first quote or backslash at or behind `at`, eight bytes at a time: names and texts are mostly short.
std::size_t findQuoteOrSlash(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto hasZero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  while (at + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    const std::uint64_t found = hasZero(word ^ (kOnes * '"')) | hasZero(word ^ (kOnes * '\\'));
    if (found != 0) {
      // Only bytes above the first found one can be marked wrongly.
      if constexpr (std::endian::native == std::endian::little) {
        return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
      }
      break;
    }
    at += sizeof(word);
  }
  while (at < text.size() && text[at] != '"' && text[at] != '\\') {
    ++at;
  }
  return at;
}

// From the opening quote to behind the closing one.
bool skipString(std::string_view text, std::size_t& at) {
  ++at;
  for (;;) {
    at = findQuoteOrSlash(text, at);
    if (at >= text.size()) {
      return false;
    }
    if (text[at] == '"') {
      ++at;
      return true;
    }
    at += 2;
  }
}

bool skipContainer(std::string_view text, std::size_t& at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (!is(kStructure, c)) {
      ++at;
    } else if (c == '"') {
      if (!skipString(text, at)) {
        return false;
      }
    } else {
      ++at;
      depth += c == '{' || c == '[' ? 1U : 0U;
      if ((c == '}' || c == ']') && --depth == 0) {
        return true;
      }
    }
  }
  return false;
}

bool skipScalar(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && !is(kEndsScalar, text[at])) {
    ++at;
  }
  return at > begin;
}

bool skipValue(std::string_view text, std::size_t& at) {
  if (at >= text.size()) {
    return false;
  }
  switch (text[at]) {
    case '"': return skipString(text, at);
    case '{':
    case '[': return skipContainer(text, at);
    default: return skipScalar(text, at);
  }
}

bool takeValue(std::string_view text, std::size_t& at, std::string_view& value) {
  skipSpace(text, at);
  const std::size_t begin = at;
  if (!skipValue(text, at)) {
    return false;
  }
  value = text.substr(begin, at - begin);
  return true;
}

enum class Turn { kEntry, kEnd, kBroken };

// Behind the opening bracket or an entry: the comma before the next entry, or the closing bracket.
Turn nextEntry(std::string_view text, std::size_t& at, bool& first, char close) {
  skipSpace(text, at);
  if (at >= text.size()) {
    return Turn::kBroken;
  }
  if (text[at] == close) {
    return Turn::kEnd;
  }
  if (!first) {
    if (text[at] != ',') {
      return Turn::kBroken;
    }
    ++at;
  }
  first = false;
  return Turn::kEntry;
}

}  // namespace

std::string_view trimmedValue(std::string_view text) {
  while (!text.empty() && is(kSpace, text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is(kSpace, text.back())) {
    text.remove_suffix(1);
  }
  if (text.empty()) {
    return {};
  }
  // What an object or array holds is seen by the cursor that walks it.
  const char front = text.front(), back = text.back();
  if (front == '{' || front == '[') {
    return back == (front == '{' ? '}' : ']') ? text : std::string_view();
  }
  std::size_t at = 0;
  return skipValue(text, at) && at == text.size() ? text : std::string_view();
}

ObjectCursor::ObjectCursor(std::string_view object)
    : text_(object), failed_(object.empty() || object.front() != '{') {}

bool ObjectCursor::next() {
  if (failed_) {
    return false;
  }
  const Turn turn = nextEntry(text_, at_, first_, '}');
  if (turn != Turn::kEntry) {
    failed_ = turn == Turn::kBroken;
    return false;
  }
  std::string_view quoted;
  failed_ = true;
  if (!takeValue(text_, at_, quoted) || quoted.front() != '"') {
    return false;
  }
  skipSpace(text_, at_);
  if (at_ >= text_.size() || text_[at_] != ':') {
    return false;
  }
  ++at_;
  failed_ = !takeValue(text_, at_, value_);
  key_ = quoted.substr(1, quoted.size() - 2);
  return !failed_;
}

ArrayCursor::ArrayCursor(std::string_view array)
    : text_(array), failed_(array.empty() || array.front() != '[') {}

bool ArrayCursor::next() {
  if (failed_) {
    return false;
  }
  const Turn turn = nextEntry(text_, at_, first_, ']');
  if (turn != Turn::kEntry) {
    failed_ = turn == Turn::kBroken;
    return false;
  }
  failed_ = !takeValue(text_, at_, value_);
  return !failed_;
}

}  // namespace patchbay::flows::mapping
