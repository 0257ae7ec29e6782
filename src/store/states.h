// Component, flow and service state (component-runtime §5), and scopes saved for callbacks.
//
// So are the documents of plugins and who listens to them (docs/decisions/0059).
//
// `owner`: "c:<flowId>:<componentId>", "f:<flowId>", "s:<vendor:service>", "w:<flowId>:<componentId>" (saved webhook scopes, by correlation id),
// "d:<plugin>:<collection>" (documents by id), "l:<plugin>:<eventName>" (listeners by "<flowId>\n<componentId>").
// Keys are opaque texts. Values are JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::store {

class StateTable {
 public:
  virtual ~StateTable() = default;
  virtual std::optional<std::string> get(std::string_view owner, std::string_view key) = 0;
  virtual std::vector<std::pair<std::string, std::string>> all(std::string_view owner) = 0;  // by key
  // At most `limit` of them, of the keys behind `after`.
  virtual std::vector<std::pair<std::string, std::string>> page(std::string_view owner, std::string_view after, std::size_t limit) = 0;
  virtual void put(std::string_view owner, std::string_view key, std::string_view json) = 0;
  virtual void erase(std::string_view owner, std::string_view key) = 0;
  virtual void clear(std::string_view owner) = 0;
  virtual void clearPrefix(std::string_view ownerPrefix) = 0;  // e.g. "c:<flowId>:"
  virtual std::vector<std::string> owners(std::string_view ownerPrefix) = 0;
};

}  // namespace patchbay::store
