// JSON documents: Boost.JSON, parsed within limits and written as JavaScript's JSON.stringify writes them.
//
// Objects keep the order in which their keys were written. Payloads on the hot path are not documents: they travel as raw text.
// Threads: free functions, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"

namespace patchbay::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// Strict JSON, UTF-8, at most `maxDepth` deep. kInvalid names `what` (the field or document) and the place.
base::Result<value> parse(std::string_view text, std::string_view what, std::size_t maxDepth = 128);
// For texts we wrote ourselves (a store's column): a failure is a bug and throws.
value parseOwn(std::string_view text);

// As JSON.stringify: integral doubles without a fraction, 1e+21 style exponents, NaN as null.
std::string write(const value& document);
void write(const value& document, std::string& out);
void writeString(std::string_view text, std::string& out);  // with quotes
void writeNumber(double number, std::string& out);
// One more member of an object that is being written by hand: `out` is empty or ends in "{" before the first. `raw` is JSON.
void addText(std::string& out, std::string_view name, std::string_view text);
void addRaw(std::string& out, std::string_view name, std::string_view raw);

// Members with a type; absent, null or of another type: the default.
const value* find(const value& document, std::string_view key);
const value* find(const object& document, std::string_view key);
std::string getString(const object& document, std::string_view key, std::string_view absent = {});
bool getBool(const object& document, std::string_view key, bool absent = false);
std::optional<std::int64_t> getInt(const object& document, std::string_view key);
const object& getObject(const object& document, std::string_view key);  // an empty one when absent
const array& getArray(const object& document, std::string_view key);
std::vector<std::string> getStrings(const object& document, std::string_view key);
array toArray(const std::vector<std::string>& texts);
value orNull(const std::string& text);  // null when it is empty

// Removes a key and keeps the order of the others (object::erase does not).
void eraseKey(object& document, std::string_view key);

}  // namespace patchbay::json
