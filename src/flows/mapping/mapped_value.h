// A value on its way through a transform: what JavaScript would hold, kept as text where nobody needs more.
//
// Ownership: a view of payload text, of the program, or of texts the evaluation keeps. Threads: a value belongs to one evaluation.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::flows::mapping {

struct Value {
  enum class Kind { kUndefined, kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kUndefined;
  bool isJson = true;     // `text` is JSON text; else a string's characters, or a number held in `number`
  std::string_view text;
  double number = 0;

  static Value undefined() { return {}; }
  static Value ofJson(std::string_view json);  // kUndefined when `json` is no value
  static Value ofBool(bool is);
  static Value ofNumber(double number);
  static Value ofText(std::string_view characters);

  bool isMissing() const { return kind == Kind::kUndefined || kind == Kind::kNull; }
};

// Texts made during one evaluation.
class Texts {
 public:
  std::string& make() { return texts_.emplace_front(); }

 private:
  std::forward_list<std::string> texts_;
};

// A string's characters; nothing when they hold half a surrogate pair.
std::optional<std::string_view> charactersOf(const Value& string, Texts& texts);
// A number, which may be infinite or NaN when it was computed.
std::optional<double> numberOf(const Value& number);
std::optional<bool> isTrue(const Value& value);

// The functions below give false when only the mapper can say exactly.

// As a member, item or whole content; not for undefined.
bool appendJson(const Value& value, std::string& out);
// Its text form inside the quotes of a JSON string.
bool appendEmbedded(const Value& value, std::string& out);
// The same as plain characters.
bool appendText(const Value& value, std::string& out);

}  // namespace patchbay::flows::mapping
