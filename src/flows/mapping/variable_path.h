// The path of a variable or of a plain JSONPath, and what it leads to in JSON text.
//
// Threads: immutable once parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flows/mapping/mapped_value.h"

namespace patchbay::flows::mapping {

struct PathKey {
  std::string name;
  std::optional<std::size_t> index;  // when the name is one of an item
};
using Path = std::vector<PathKey>;

// `a.b.0`, as lodash reads it; nothing for brackets, quotes and empty parts, which only the mapper reads.
std::optional<Path> parseVariablePath(std::string_view text);

// `a.b[0].c` of plain names; nothing for any other JSONPath.
std::optional<Path> parsePlainJsonPath(std::string_view text);

// Follows own members, items and the length of arrays; undefined when the way ends. Nothing (not undefined) when only the
// mapper knows: below a string, or in text that is not JSON.
std::optional<Value> follow(const Value& from, const Path& path, std::size_t start = 0);

// The last member of that name; undefined when there is none.
std::optional<Value> memberOf(std::string_view object, std::string_view name);

// Items of an array; nothing when the text is malformed.
std::optional<std::size_t> countItems(std::string_view array);

}  // namespace patchbay::flows::mapping
