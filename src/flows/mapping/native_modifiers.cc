#include "flows/mapping/native_modifiers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>

#include "base/json.h"
#include "flows/mapping/json_cursor.h"
#include "flows/mapping/json_text.h"
#include "flows/mapping/variable_path.h"

namespace patchbay::flows::mapping {

namespace {

using Kind = Value::Kind;
using Applied = std::optional<Value>;

constexpr auto kAny = static_cast<std::size_t>(-1);
constexpr std::int64_t kYear10000Ms = 253402300800000;
constexpr std::size_t kPlainDigits = 15;

constexpr std::array kNatives = {
    NativeModifier{"g_now", Modifier::kNow, 0, kAny},
    NativeModifier{"g_timestamp", Modifier::kTimestamp, 0, kAny},
    NativeModifier{"g_pi", Modifier::kPi, 0, kAny},
    NativeModifier{"g_flowId", Modifier::kFlowId, 0, kAny},
    NativeModifier{"g_flowName", Modifier::kFlowName, 0, kAny},
    NativeModifier{"g_userId", Modifier::kUserId, 0, kAny},
    NativeModifier{"g_webhookUrl", Modifier::kWebhookUrl, 0, kAny},
    NativeModifier{"g_customFields", Modifier::kCustomFields, 0, kAny},
    NativeModifier{"g_first", Modifier::kFirst, 0, kAny},
    NativeModifier{"g_last", Modifier::kLast, 0, kAny},
    NativeModifier{"g_length", Modifier::kLength, 0, kAny},
    NativeModifier{"g_uppercase", Modifier::kUppercase, 0, kAny},
    NativeModifier{"g_lowercase", Modifier::kLowercase, 0, kAny},
    NativeModifier{"g_trim", Modifier::kTrim, 0, 0},
    NativeModifier{"g_not", Modifier::kNot, 0, kAny},
    NativeModifier{"g_equals", Modifier::kEquals, 1, kAny},
    NativeModifier{"g_condition", Modifier::kCondition, 2, kAny},
    NativeModifier{"g_stringify", Modifier::kStringify, 0, kAny},
    NativeModifier{"g_join", Modifier::kJoin, 1, kAny},
    NativeModifier{"g_add", Modifier::kAdd, 1, kAny},
    NativeModifier{"g_sub", Modifier::kSub, 1, kAny},
    NativeModifier{"g_mul", Modifier::kMul, 1, kAny},
    NativeModifier{"g_div", Modifier::kDiv, 1, kAny},
    NativeModifier{"g_jsonPath", Modifier::kJsonPath, 1, kAny},
};

bool isAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 127; });
}

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Applied isoTime(std::int64_t ms, Texts& texts) {
  if (ms < 0 || ms >= kYear10000Ms) {
    return std::nullopt;
  }
  const std::chrono::sys_time<std::chrono::milliseconds> when{std::chrono::milliseconds(ms)};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  std::array<char, 64> written{};
  std::snprintf(written.data(), written.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return Value::ofText(texts.make() = written.data());
}

Value textOrUndefined(const std::optional<std::string_view>& text) {
  return text ? Value::ofText(*text) : Value::undefined();
}

// The characters of a scalar; nothing for other kinds and where they are not known exactly.
std::optional<std::string_view> scalarText(const Value& value, Texts& texts) {
  if (value.kind == Kind::kString) {
    return charactersOf(value, texts);
  }
  if (value.kind != Kind::kBool && value.kind != Kind::kNumber) {
    return std::nullopt;
  }
  std::string& text = texts.make();
  return appendText(value, text) ? std::optional<std::string_view>(text) : std::nullopt;
}

bool isScalarText(const Value& value) {
  return value.kind == Kind::kString || value.kind == Kind::kNumber || value.kind == Kind::kBool;
}

Applied item(const Value& value, bool last) {
  if (value.kind != Kind::kArray) {
    return value;
  }
  Value found;
  ArrayCursor items(value.text);
  while (items.next()) {
    found = Value::ofJson(items.value());
    if (!last) {
      return found;
    }
  }
  return items.failed() ? std::nullopt : Applied(found);
}

double utf16Length(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) == 0x80U ? 0U : (byte >= 0xF0U ? 2U : 1U);
  }
  return static_cast<double>(units);
}

Applied length(const Value& value, Texts& texts) {
  if (value.kind == Kind::kString) {
    const auto characters = charactersOf(value, texts);
    return characters ? Applied(Value::ofNumber(utf16Length(*characters))) : std::nullopt;
  }
  if (value.kind == Kind::kArray) {
    const auto count = countItems(value.text);
    return count ? Applied(Value::ofNumber(static_cast<double>(*count))) : std::nullopt;
  }
  if (value.kind == Kind::kObject) {
    const auto own = memberOf(value.text, "length");
    const bool none = own && own->kind == Kind::kUndefined;
    return none ? Applied(Value::ofNumber(0)) : own;
  }
  return Value::ofNumber(0);
}

Applied changeCase(const Value& value, bool upper, Texts& texts) {
  if (!isScalarText(value)) {
    return value;
  }
  const auto characters = scalarText(value, texts);
  if (!characters || !isAscii(*characters)) {
    return std::nullopt;
  }
  std::string& changed = texts.make();
  changed = *characters;
  for (char& c : changed) {
    const bool turns = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
    c = turns ? static_cast<char>(c ^ 0x20) : c;
  }
  return Value::ofText(changed);
}

// White space beyond ASCII is the mapper's to know.
Applied trim(const Value& value, Texts& texts) {
  if (!isScalarText(value)) {
    return value;
  }
  const auto characters = scalarText(value, texts);
  if (!characters) {
    return std::nullopt;
  }
  std::string_view rest = *characters;
  while (!rest.empty() && isSpace(rest.front())) {
    rest.remove_prefix(1);
  }
  while (!rest.empty() && isSpace(rest.back())) {
    rest.remove_suffix(1);
  }
  const bool sure = rest.empty() || (isAscii(rest.substr(0, 1)) && isAscii(rest.substr(rest.size() - 1)));
  return sure ? Applied(Value::ofText(rest)) : std::nullopt;
}

// A text that is nothing but a short decimal number.
std::optional<double> plainNumber(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool plain = !digits.empty() && digits.size() <= kPlainDigits && digits.front() >= '0' &&
                     digits.front() <= '9' && digits.back() != '.' &&
                     digits.find_first_not_of("0123456789.") == std::string_view::npos;
  double number = 0;
  if (!plain) {
    return std::nullopt;
  }
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ptr == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Applied equalNumbers(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? Applied(Value::ofBool(*a == *b)) : std::nullopt;
}

std::optional<double> looseNumber(const Value& value, Texts& texts) {
  switch (value.kind) {
    case Kind::kNumber: return numberOf(value);
    case Kind::kBool: return value.text == "true" ? 1 : 0;
    case Kind::kString: {
      const auto characters = charactersOf(value, texts);
      return characters ? plainNumber(*characters) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

// JavaScript's == of scalars.
Applied equals(const Value& a, const Value& b, Texts& texts) {
  if (a.isMissing() || b.isMissing()) {
    return Value::ofBool(a.isMissing() && b.isMissing());
  }
  if (!isScalarText(a) || !isScalarText(b)) {
    return std::nullopt;
  }
  if (a.kind == Kind::kString && b.kind == Kind::kString) {
    const auto left = charactersOf(a, texts), right = charactersOf(b, texts);
    return left && right ? Applied(Value::ofBool(*left == *right)) : std::nullopt;
  }
  return equalNumbers(looseNumber(a, texts), looseNumber(b, texts));
}

Applied stringify(const Value& value, Texts& texts) {
  if (value.kind == Kind::kUndefined) {
    return value;
  }
  std::string& text = texts.make();
  const bool exact = value.isJson ? appendCanonical(value.text, text) : appendJson(value, text);
  return exact ? Applied(Value::ofText(text)) : std::nullopt;
}

Applied join(const Value& value, const Value& separator, Texts& texts) {
  if (value.kind != Kind::kArray) {
    return value;
  }
  const auto between = separator.isMissing() ? "," : scalarText(separator, texts);
  if (!between) {
    return std::nullopt;
  }
  std::string& joined = texts.make();
  ArrayCursor items(value.text);
  for (bool first = true; items.next(); first = false) {
    joined += first ? "" : *between;
    if (!appendText(Value::ofJson(items.value()), joined)) {
      return std::nullopt;
    }
  }
  return items.failed() ? std::nullopt : Applied(Value::ofText(joined));
}

Applied calculate(Modifier modifier, const Value& value, const Value& second) {
  if (value.kind != Kind::kNumber || second.kind != Kind::kNumber) {
    return std::nullopt;
  }
  const auto a = numberOf(value), b = numberOf(second);
  if (!a || !b || !std::isfinite(*a) || !std::isfinite(*b)) {
    return std::nullopt;
  }
  switch (modifier) {
    case Modifier::kAdd: return Value::ofNumber(*a + *b);
    case Modifier::kSub: return Value::ofNumber(*a - *b);
    case Modifier::kMul: return Value::ofNumber(*a * *b);
    case Modifier::kDiv:
      // By zero: infinite or NaN, which the language leaves undefined.
      return *b == 0 ? std::nullopt : Applied(Value::ofNumber(*a / *b));
    default: return std::nullopt;
  }
}

Applied fromFlow(Modifier modifier, const MappingEnvironment& env, Texts& texts) {
  switch (modifier) {
    case Modifier::kNow: return isoTime(env.arrivedAtMs, texts);
    case Modifier::kTimestamp:
      return Value::ofNumber(std::floor(static_cast<double>(env.arrivedAtMs) / 1000));
    case Modifier::kPi: return Value::ofNumber(std::numbers::pi);
    case Modifier::kFlowId: return textOrUndefined(env.flowId);
    case Modifier::kFlowName: return textOrUndefined(env.flowName);
    case Modifier::kUserId: return textOrUndefined(env.userId);
    case Modifier::kWebhookUrl: return textOrUndefined(env.webhookUrl);
    case Modifier::kCustomFields: return Value::ofJson(trimmedValue(env.customFields));
    default: return std::nullopt;
  }
}

}  // namespace

std::span<const NativeModifier> nativeModifiers() { return kNatives; }

const NativeModifier* findNativeModifier(std::string_view name) {
  const auto* found = std::find_if(kNatives.begin(), kNatives.end(),
                                   [name](const NativeModifier& native) { return native.name == name; });
  return found == kNatives.end() ? nullptr : found;
}

std::optional<Value> apply(Modifier modifier, const Value& value, std::span<const Value> parameters,
                           const MappingEnvironment& env, Texts& texts) {
  switch (modifier) {
    case Modifier::kFirst: return item(value, false);
    case Modifier::kLast: return item(value, true);
    case Modifier::kLength: return length(value, texts);
    case Modifier::kUppercase: return changeCase(value, true, texts);
    case Modifier::kLowercase: return changeCase(value, false, texts);
    case Modifier::kTrim: return trim(value, texts);
    case Modifier::kEquals: return equals(value, parameters[0], texts);
    case Modifier::kStringify: return stringify(value, texts);
    case Modifier::kJoin: return join(value, parameters[0], texts);
    case Modifier::kAdd:
    case Modifier::kSub:
    case Modifier::kMul:
    case Modifier::kDiv: return calculate(modifier, value, parameters[0]);
    case Modifier::kNot:
    case Modifier::kCondition: break;
    case Modifier::kJsonPath: return std::nullopt;
    default: return fromFlow(modifier, env, texts);
  }
  const auto is = isTrue(value);
  if (!is) {
    return std::nullopt;
  }
  return modifier == Modifier::kNot ? Value::ofBool(!*is) : parameters[*is ? 0 : 1];
}

}  // namespace patchbay::flows::mapping
