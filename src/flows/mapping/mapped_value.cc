#include "flows/mapping/mapped_value.h"

#include <cmath>

#include "base/json.h"
#include "flows/mapping/json_cursor.h"
#include "flows/mapping/json_text.h"

namespace patchbay::flows::mapping {

namespace {

// Frames between processes are lines: white space that breaks lines must not travel on. Inside strings JSON has none.
void appendOneLine(std::string_view json, std::string& out) {
  if (json.find('\n') == std::string_view::npos && json.find('\r') == std::string_view::npos) {
    out += json;
    return;
  }
  for (const char c : json) {
    if (c != '\n' && c != '\r') {
      out.push_back(c);
    }
  }
}

}  // namespace

Value Value::ofJson(std::string_view json) {
  Value value;
  value.text = json;
  if (json.empty()) {
    return value;
  }
  switch (json.front()) {
    case '"': value.kind = json.size() >= 2 ? Kind::kString : Kind::kUndefined; break;
    case '{': value.kind = Kind::kObject; break;
    case '[': value.kind = Kind::kArray; break;
    case 't':
    case 'f': value.kind = Kind::kBool; break;
    case 'n': value.kind = Kind::kNull; break;
    default: value.kind = Kind::kNumber;
  }
  return value;
}

Value Value::ofBool(bool is) { return {Kind::kBool, true, is ? "true" : "false", 0}; }

Value Value::ofNumber(double number) { return {Kind::kNumber, false, {}, number}; }

Value Value::ofText(std::string_view characters) { return {Kind::kString, false, characters, 0}; }

std::optional<std::string_view> charactersOf(const Value& string, Texts& texts) {
  if (!string.isJson) {
    return string.text;
  }
  const std::string_view body = string.text.substr(1, string.text.size() - 2);
  if (body.find('\\') == std::string_view::npos) {
    return body;
  }
  std::string& decoded = texts.make();
  return decodeString(body, decoded) ? std::optional<std::string_view>(decoded) : std::nullopt;
}

std::optional<double> numberOf(const Value& number) {
  return number.isJson ? readNumber(number.text) : std::optional(number.number);
}

std::optional<bool> isTrue(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kUndefined:
    case Value::Kind::kNull: return false;
    case Value::Kind::kBool: return value.text == "true";
    case Value::Kind::kString: return value.isJson ? value.text.size() > 2 : !value.text.empty();
    case Value::Kind::kArray:
    case Value::Kind::kObject: return true;
    case Value::Kind::kNumber: break;
  }
  const auto number = numberOf(value);
  return number ? std::optional(*number != 0 && !std::isnan(*number)) : std::nullopt;
}

bool appendJson(const Value& value, std::string& out) {
  switch (value.kind) {
    case Value::Kind::kUndefined: return false;
    case Value::Kind::kNull:
    case Value::Kind::kBool: out += value.text; return true;
    case Value::Kind::kArray:
    case Value::Kind::kObject: appendOneLine(value.text, out); return true;
    case Value::Kind::kString:
      if (value.isJson) {
        out += value.text;
      } else {
        json::writeString(value.text, out);
      }
      return true;
    case Value::Kind::kNumber: break;
  }
  if (value.isJson) {
    return appendNumber(value.text, out);
  }
  json::writeNumber(value.number, out);
  return true;
}

bool appendEmbedded(const Value& value, std::string& out) {
  if (value.kind == Value::Kind::kString && value.isJson) {
    out += value.text.substr(1, value.text.size() - 2);
    return true;
  }
  if (value.kind == Value::Kind::kString) {
    appendEscaped(value.text, out);
    return true;
  }
  if (value.kind != Value::Kind::kArray && value.kind != Value::Kind::kObject) {
    return appendText(value, out);
  }
  std::string canonical;
  if (!appendCanonical(value.text, canonical)) {
    return false;
  }
  appendEscaped(canonical, out);
  return true;
}

bool appendText(const Value& value, std::string& out) {
  switch (value.kind) {
    case Value::Kind::kUndefined:
    case Value::Kind::kNull: return true;
    case Value::Kind::kBool: out += value.text; return true;
    case Value::Kind::kArray:
    case Value::Kind::kObject: return appendCanonical(value.text, out);
    case Value::Kind::kString: {
      Texts texts;
      const auto characters = charactersOf(value, texts);
      out += characters.value_or("");
      return characters.has_value();
    }
    case Value::Kind::kNumber: break;
  }
  if (value.isJson) {
    return appendNumber(value.text, out);
  }
  appendNumberText(value.number, out);
  return true;
}

}  // namespace patchbay::flows::mapping
