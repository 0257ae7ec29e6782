#include "runtime/json_scalars.h"

#include <cstring>

namespace patchbay::runtime {
namespace {

constexpr std::size_t kUnicodeEscape = 6;  // \uXXXX

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t skipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && isDigit(text[at])) {
    ++at;
  }
  return at;
}

int hexValue(char c) {
  if (isDigit(c)) {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The UTF-16 unit of an escape at `at`, -1 when there is none.
int unitAt(std::span<const char> text, std::size_t at) {
  if (at + kUnicodeEscape > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return -1;
  }
  int unit = 0;
  for (std::size_t i = at + 2; i < at + kUnicodeEscape; ++i) {
    const int digit = hexValue(text[i]);
    if (digit < 0) {
      return -1;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

bool isHigh(int unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool isLow(int unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// Length of the \u escape (or pair) at `at`, 0 when it is broken.
std::size_t repairUnit(std::span<char> content, std::size_t at) {
  const int unit = unitAt(content, at);
  if (unit < 0) {
    return 0;
  }
  if (isHigh(unit) && isLow(unitAt(content, at + kUnicodeEscape))) {
    return 2 * kUnicodeEscape;
  }
  if (isHigh(unit) || isLow(unit)) {
    std::memcpy(content.data() + at, "\\ufffd", kUnicodeEscape);
  }
  return kUnicodeEscape;
}

}  // namespace

bool isJsonNumber(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t whole = skipDigits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) {
    return false;
  }
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = skipDigits(text, at + 1);
    if (fraction == at + 1) {
      return false;
    }
    at = fraction;
  }
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1 : 0;
    const std::size_t exponent = skipDigits(text, at);
    if (exponent == at) {
      return false;
    }
    at = exponent;
  }
  return at == text.size();
}

bool repairJsonString(std::span<char> content) {
  std::size_t at = 0;
  while (at < content.size()) {
    const void* found = std::memchr(content.data() + at, '\\', content.size() - at);
    if (found == nullptr) {
      return true;
    }
    at = static_cast<std::size_t>(static_cast<const char*>(found) - content.data());
    if (at + 1 == content.size()) {
      return false;
    }
    const bool isUnit = content[at + 1] == 'u';
    if (!isUnit && std::strchr("\"\\/bfnrt", content[at + 1]) == nullptr) {
      return false;
    }
    const std::size_t length = isUnit ? repairUnit(content, at) : 2;
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

}  // namespace patchbay::runtime
