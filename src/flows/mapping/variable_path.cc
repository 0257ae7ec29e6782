#include "flows/mapping/variable_path.h"

#include <algorithm>
#include <charconv>

#include "flows/mapping/json_cursor.h"
#include "flows/mapping/json_text.h"

namespace patchbay::flows::mapping {

namespace {

PathKey keyOf(std::string_view name) {
  PathKey key{std::string(name), std::nullopt};
  if (isArrayIndex(name)) {
    std::size_t index = 0;
    std::from_chars(name.data(), name.data() + name.size(), index);
    key.index = index;
  }
  return key;
}

bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isSameKey(std::string_view written, std::string_view name) {
  if (written == name) {
    return written.find('\\') == std::string_view::npos;
  }
  // An escape is never shorter than what it stands for.
  if (written.size() <= name.size() || written.find('\\') == std::string_view::npos) {
    return false;
  }
  std::string decoded;
  return decodeString(written, decoded) && decoded == name;
}

std::optional<Value> itemOf(std::string_view array, const PathKey& key) {
  if (key.name == "length") {
    const auto count = countItems(array);
    return count ? std::optional(Value::ofNumber(static_cast<double>(*count))) : std::nullopt;
  }
  if (!key.index) {
    return Value::undefined();
  }
  ArrayCursor items(array);
  for (std::size_t at = 0; items.next(); ++at) {
    if (at == *key.index) {
      return Value::ofJson(items.value());
    }
  }
  return items.failed() ? std::nullopt : std::optional(Value::undefined());
}

}  // namespace

std::optional<Path> parseVariablePath(std::string_view text) {
  if (text.find_first_of("[]\"'\\") != std::string_view::npos) {
    return std::nullopt;
  }
  Path path;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t dot = std::min(text.find('.', at), text.size());
    if (dot == at) {
      return std::nullopt;
    }
    path.push_back(keyOf(text.substr(at, dot - at)));
    at = dot + 1;
  }
  return path;
}

std::optional<Path> parsePlainJsonPath(std::string_view text) {
  Path path;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool bracket = text[at] == '[';
    at += bracket || (text[at] == '.' && !path.empty()) ? 1U : 0U;
    const std::size_t begin = at;
    while (at < text.size() && isNameCharacter(text[at])) {
      ++at;
    }
    const std::string_view name = text.substr(begin, at - begin);
    const bool plain = bracket ? isArrayIndex(name) : !name.empty();
    const bool closed = !bracket || (at < text.size() && text[at] == ']');
    at += bracket ? 1U : 0U;
    const bool goesOn = at >= text.size() || text[at] == '.' || text[at] == '[';
    if (!plain || !closed || !goesOn) {
      return std::nullopt;
    }
    path.push_back(keyOf(name));
  }
  return path.empty() || text.back() == '.' ? std::nullopt : std::optional(path);
}

std::optional<Value> memberOf(std::string_view object, std::string_view name) {
  Value found;
  ObjectCursor members(object);
  while (members.next()) {
    if (isSameKey(members.key(), name)) {
      found = Value::ofJson(members.value());
    }
  }
  return members.failed() ? std::nullopt : std::optional(found);
}

std::optional<std::size_t> countItems(std::string_view array) {
  std::size_t count = 0;
  ArrayCursor items(array);
  while (items.next()) {
    ++count;
  }
  return items.failed() ? std::nullopt : std::optional(count);
}

std::optional<Value> follow(const Value& from, const Path& path, std::size_t start) {
  Value at = from;
  for (std::size_t i = start; i < path.size(); ++i) {
    std::optional<Value> next = Value::undefined();
    switch (at.kind) {
      case Value::Kind::kObject: next = memberOf(at.text, path[i].name); break;
      case Value::Kind::kArray: next = itemOf(at.text, path[i]); break;
      case Value::Kind::kString: next = std::nullopt; break;
      default: break;
    }
    if (!next) {
      return std::nullopt;
    }
    at = *next;
  }
  return at;
}

}  // namespace patchbay::flows::mapping
