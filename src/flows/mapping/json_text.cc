#include "flows/mapping/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/json.h"
#include "flows/mapping/json_cursor.h"
#include "flows/mapping/key_order.h"

namespace patchbay::flows::mapping {

namespace {

constexpr int kDepth = 200;
constexpr std::size_t kFewKeys = 12;
constexpr std::size_t kPlainDigits = 15;  // integers of so many digits are exact and written as they are

bool isDigit(char c) { return c >= '0' && c <= '9'; }

void appendUtf8(std::uint32_t point, std::string& out) {
  const auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

std::optional<std::uint32_t> readUnit(std::string_view body, std::size_t at) {
  std::uint32_t unit = 0;
  if (at + 4 > body.size()) {
    return std::nullopt;
  }
  const char* end = body.data() + at + 4;
  const auto read = std::from_chars(body.data() + at, end, unit, 16);
  return read.ptr == end ? std::optional(unit) : std::nullopt;
}

// Behind "\u"; `at` moves behind the digits, or behind those of both halves of a pair.
bool decodeUnicode(std::string_view body, std::size_t& at, std::string& out) {
  const auto unit = readUnit(body, at);
  if (!unit) {
    return false;
  }
  at += 4;
  if (*unit < 0xD800 || *unit > 0xDFFF) {
    appendUtf8(*unit, out);
    return true;
  }
  if (*unit > 0xDBFF || body.substr(at, 2) != "\\u") {
    return false;
  }
  const auto low = readUnit(body, at + 2);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) {
    return false;
  }
  at += 6;
  appendUtf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
  return true;
}

bool decodeEscape(std::string_view body, std::size_t& at, std::string& out) {
  if (at >= body.size()) {
    return false;
  }
  const char c = body[at++];
  switch (c) {
    case '"':
    case '\\':
    case '/': out.push_back(c); return true;
    case 'b': out.push_back('\b'); return true;
    case 'f': out.push_back('\f'); return true;
    case 'n': out.push_back('\n'); return true;
    case 'r': out.push_back('\r'); return true;
    case 't': out.push_back('\t'); return true;
    case 'u': return decodeUnicode(body, at, out);
    default: return false;
  }
}

bool appendCanonicalString(std::string_view quoted, std::string& out) {
  const std::string_view body = quoted.substr(1, quoted.size() - 2);
  if (body.find('\\') == std::string_view::npos) {
    out += quoted;
    return true;
  }
  std::string decoded;
  if (!decodeString(body, decoded)) {
    return false;
  }
  json::writeString(decoded, out);
  return true;
}

// Members that JavaScript would put elsewhere, or that hide one another.
bool keepsItsPlace(std::string_view key, std::vector<std::string_view>& seen) {
  if (isArrayIndex(key) || key.find('\\') != std::string_view::npos) {
    return false;
  }
  if (seen.size() < kFewKeys && std::find(seen.begin(), seen.end(), key) != seen.end()) {
    return false;
  }
  seen.push_back(key);
  return true;
}

bool areDistinct(std::vector<std::string_view>& seen) {
  if (seen.size() <= kFewKeys) {
    return true;
  }
  std::sort(seen.begin(), seen.end());
  return std::adjacent_find(seen.begin(), seen.end()) == seen.end();
}

bool appendCanonicalAt(std::string_view json, std::string& out, int depth);

bool appendCanonicalObject(std::string_view json, std::string& out, int depth) {
  ObjectCursor members(json);
  std::vector<std::string_view> seen;
  out.push_back('{');
  while (members.next()) {
    if (!keepsItsPlace(members.key(), seen)) {
      return false;
    }
    if (seen.size() > 1) {
      out.push_back(',');
    }
    out.push_back('"');
    out += members.key();
    out += "\":";
    if (!appendCanonicalAt(members.value(), out, depth - 1)) {
      return false;
    }
  }
  out.push_back('}');
  return !members.failed() && areDistinct(seen);
}

bool appendCanonicalArray(std::string_view json, std::string& out, int depth) {
  ArrayCursor items(json);
  bool first = true;
  out.push_back('[');
  while (items.next()) {
    if (!std::exchange(first, false)) {
      out.push_back(',');
    }
    if (!appendCanonicalAt(items.value(), out, depth - 1)) {
      return false;
    }
  }
  out.push_back(']');
  return !items.failed();
}

bool appendCanonicalAt(std::string_view json, std::string& out, int depth) {
  if (json.empty() || depth == 0) {
    return false;
  }
  switch (json.front()) {
    case '"': return json.size() >= 2 && appendCanonicalString(json, out);
    case '{': return appendCanonicalObject(json, out, depth);
    case '[': return appendCanonicalArray(json, out, depth);
    default: break;
  }
  if (json == "true" || json == "false" || json == "null") {
    out += json;
    return true;
  }
  return appendNumber(json, out);
}

bool isJsonNumber(std::string_view json) {
  std::size_t at = json.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < json.size() && isDigit(json[at])) {
      ++at;
    }
    return at - begin;
  };
  const bool leadingZero = at < json.size() && json[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leadingZero && whole > 1)) {
    return false;
  }
  if (at < json.size() && json[at] == '.') {
    ++at;
    if (digits() == 0) {
      return false;
    }
  }
  if (at < json.size() && (json[at] == 'e' || json[at] == 'E')) {
    ++at;
    at += at < json.size() && (json[at] == '+' || json[at] == '-') ? 1U : 0U;
    if (digits() == 0) {
      return false;
    }
  }
  return at == json.size();
}

}  // namespace

bool isArrayIndex(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key.front() == '0' && key.size() > 1)) {
    return false;
  }
  std::uint64_t number = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), number);
  return read.ptr == key.data() + key.size() && isDigit(key.front()) && number < 0xFFFFFFFFULL;
}

bool decodeString(std::string_view body, std::string& out) {
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t slash = std::min(body.find('\\', at), body.size());
    out.append(body, at, slash - at);
    at = slash + 1;
    if (slash < body.size() && !decodeEscape(body, at, out)) {
      return false;
    }
  }
  return true;
}

bool appendCanonical(std::string_view json, std::string& out) {
  return appendCanonicalAt(json, out, kDepth);
}

std::optional<double> readNumber(std::string_view json) {
  if (!isJsonNumber(json)) {
    return std::nullopt;
  }
  double number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == json.data() + json.size();
  return whole ? std::optional(number) : std::nullopt;
}

bool appendNumber(std::string_view json, std::string& out) {
  const std::string_view digits = json.starts_with('-') ? json.substr(1) : json;
  const bool plain = !digits.empty() && digits.size() <= kPlainDigits && digits.front() != '0' &&
                     std::all_of(digits.begin(), digits.end(), isDigit);
  if (plain) {
    out += json;
    return true;
  }
  const auto number = readNumber(json);
  if (number) {
    json::writeNumber(*number, out);
  }
  return number.has_value();
}

void appendNumberText(double number, std::string& out) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number < 0 ? "-Infinity" : "Infinity";
  } else {
    json::writeNumber(number, out);
  }
}

void appendEscaped(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  json::writeString(text, out);
  out.pop_back();
  out.erase(begin, 1);
}

void appendOrdered(const boost::json::value& document, std::string& out) {
  bool first = true;
  const auto comma = [&] {
    if (!std::exchange(first, false)) {
      out.push_back(',');
    }
  };
  if (const auto* items = document.if_array()) {
    out.push_back('[');
    for (const auto& item : *items) {
      comma();
      appendOrdered(item, out);
    }
    out.push_back(']');
  } else if (const auto* members = document.if_object()) {
    out.push_back('{');
    for (const auto* member : inKeyOrder(*members)) {
      comma();
      json::writeString(member->key(), out);
      out.push_back(':');
      appendOrdered(member->value(), out);
    }
    out.push_back('}');
  } else {
    json::write(document, out);
  }
}

}  // namespace patchbay::flows::mapping
