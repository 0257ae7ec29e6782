#include "base/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace patchbay::json {

base::Result<value> parse(std::string_view text, std::string_view what, std::size_t maxDepth) {
  boost::json::parse_options options;
  options.max_depth = maxDepth;
  boost::json::error_code failure;
  value document = boost::json::parse(boost::json::string_view(text.data(), text.size()), failure,
                                      {}, options);
  if (failure) {
    return base::fail(base::Code::kInvalid,
                      std::string(what) + " is not valid JSON: " + failure.message());
  }
  return document;
}

value parseOwn(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 512;
  return boost::json::parse(boost::json::string_view(text.data(), text.size()), {}, options);
}

void writeString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') {
      continue;
    }
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

namespace {

// Digits and decimal exponent of the shortest text that reads back as `number` (positive, finite, not zero).
struct Decimal {
  std::string digits;
  int pointAt = 0;  // value = 0.digits * 10^pointAt
};

Decimal shortest(double number) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 std::chars_format::scientific);
  const std::string_view all(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  const std::size_t e = all.find('e');
  Decimal decimal;
  for (const char c : all.substr(0, e)) {
    if (c != '.') {
      decimal.digits.push_back(c);
    }
  }
  int exponent = 0;
  std::string_view tail = all.substr(e + 1);
  if (!tail.empty() && tail.front() == '+') {
    tail.remove_prefix(1);
  }
  std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
  decimal.pointAt = exponent + 1;
  return decimal;
}

}  // namespace

// The layout of ECMAScript's Number::toString, radix 10.
void writeNumber(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number == 0) {
    out.push_back('0');
    return;
  }
  if (number < 0) {
    out.push_back('-');
    number = -number;
  }
  const Decimal decimal = shortest(number);
  const int count = static_cast<int>(decimal.digits.size());
  const int point = decimal.pointAt;
  if (count <= point && point <= 21) {
    out += decimal.digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(decimal.digits, 0, static_cast<std::size_t>(point));
    out.push_back('.');
    out.append(decimal.digits, static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += decimal.digits;
  } else {
    out.push_back(decimal.digits.front());
    if (count > 1) {
      out.push_back('.');
      out.append(decimal.digits, 1);
    }
    out.push_back('e');
    out += point - 1 < 0 ? "-" : "+";
    out += std::to_string(std::abs(point - 1));
  }
}

namespace {

// JavaScript holds every number as a double; integers beyond 2^53 are written as it would write them.
constexpr std::int64_t kMaxSafe = 9007199254740992;

void writeInteger(std::int64_t number, std::string& out) {
  if (number > kMaxSafe || number < -kMaxSafe) {
    writeNumber(static_cast<double>(number), out);
  } else {
    out += std::to_string(number);
  }
}

}  // namespace

void write(const value& document, std::string& out) {
  switch (document.kind()) {
    case boost::json::kind::null: out += "null"; break;
    case boost::json::kind::bool_: out += document.get_bool() ? "true" : "false"; break;
    case boost::json::kind::int64: writeInteger(document.get_int64(), out); break;
    case boost::json::kind::uint64: writeNumber(static_cast<double>(document.get_uint64()), out); break;
    case boost::json::kind::double_: writeNumber(document.get_double(), out); break;
    case boost::json::kind::string: writeString(document.get_string(), out); break;
    case boost::json::kind::array: {
      out.push_back('[');
      bool first = true;
      for (const value& item : document.get_array()) {
        if (!std::exchange(first, false)) {
          out.push_back(',');
        }
        write(item, out);
      }
      out.push_back(']');
      break;
    }
    case boost::json::kind::object: {
      out.push_back('{');
      bool first = true;
      for (const auto& [key, item] : document.get_object()) {
        if (!std::exchange(first, false)) {
          out.push_back(',');
        }
        writeString(key, out);
        out.push_back(':');
        write(item, out);
      }
      out.push_back('}');
      break;
    }
  }
}

std::string write(const value& document) {
  std::string out;
  write(document, out);
  return out;
}

const value* find(const object& document, std::string_view key) { return document.if_contains(key); }

namespace {

void addName(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') {
    out.push_back(',');
  }
  out.push_back('"');
  out += name;
  out += "\":";
}

}  // namespace

void addText(std::string& out, std::string_view name, std::string_view text) {
  addName(out, name);
  writeString(text, out);
}

void addRaw(std::string& out, std::string_view name, std::string_view raw) {
  addName(out, name);
  out += raw;
}

const value* find(const value& document, std::string_view key) {
  const object* members = document.if_object();
  return members == nullptr ? nullptr : members->if_contains(key);
}

std::string getString(const object& document, std::string_view key, std::string_view absent) {
  const value* member = document.if_contains(key);
  if (member == nullptr || !member->is_string()) {
    return std::string(absent);
  }
  return std::string(member->get_string());
}

bool getBool(const object& document, std::string_view key, bool absent) {
  const value* member = document.if_contains(key);
  return member == nullptr || !member->is_bool() ? absent : member->get_bool();
}

std::optional<std::int64_t> getInt(const object& document, std::string_view key) {
  const value* member = document.if_contains(key);
  if (member == nullptr) {
    return std::nullopt;
  }
  boost::json::error_code inexact;
  const auto number = member->to_number<std::int64_t>(inexact);
  return inexact ? std::nullopt : std::optional<std::int64_t>(number);
}

const object& getObject(const object& document, std::string_view key) {
  static const object kNone;
  const value* member = document.if_contains(key);
  return member == nullptr || !member->is_object() ? kNone : member->get_object();
}

const array& getArray(const object& document, std::string_view key) {
  static const array kNone;
  const value* member = document.if_contains(key);
  return member == nullptr || !member->is_array() ? kNone : member->get_array();
}

std::vector<std::string> getStrings(const object& document, std::string_view key) {
  std::vector<std::string> texts;
  for (const value& item : getArray(document, key)) {
    if (item.is_string()) {
      texts.emplace_back(item.get_string());
    }
  }
  return texts;
}

array toArray(const std::vector<std::string>& texts) {
  array items;
  items.reserve(texts.size());
  for (const std::string& text : texts) {
    items.emplace_back(text);
  }
  return items;
}

void eraseKey(object& document, std::string_view key) {
  const auto it = document.find(key);
  if (it != document.end()) {
    document.stable_erase(it);
  }
}

value orNull(const std::string& text) {
  return text.empty() ? value(nullptr) : value(text);
}

}  // namespace patchbay::json
