// Text of JSON as JavaScript would write it, straight from text of JSON.
//
// Functions that return bool give false where their result would not be exactly JavaScript's (or the text is malformed); `out`
// may then hold a part of it. Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace patchbay::flows::mapping {

// Keys such as "0" and "17", which JavaScript puts before all others.
bool isArrayIndex(std::string_view key);

// The characters of a JSON string, given without its quotes. False for lone surrogates.
bool decodeString(std::string_view body, std::string& out);

// What JSON.stringify(JSON.parse(json)) gives. False when members would change places or vanish.
bool appendCanonical(std::string_view json, std::string& out);

// The number a JSON number spells; nothing when a double cannot hold it as JavaScript reads it.
std::optional<double> readNumber(std::string_view json);
// A JSON number as JavaScript writes it.
bool appendNumber(std::string_view json, std::string& out);
// String(number): also NaN and Infinity.
void appendNumberText(double number, std::string& out);

// A text inside the quotes of a JSON string.
void appendEscaped(std::string_view text, std::string& out);

// A document with its keys in JavaScript's order.
void appendOrdered(const boost::json::value& document, std::string& out);

}  // namespace patchbay::flows::mapping
