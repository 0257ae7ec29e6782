// Small documents by name: system configuration, service configuration, ACL lists, and the server's own facts.
//
// `kind` keeps them apart: "config" (rest-api §18), "service" (§17), "acl" (§6), "server" (schema facts, message salt), "modifiers" (§16),
// "quota" (§24), "quota usage" (engine/quota/counters.h), "stop" and "parked" (engine/lifecycle/stop_note.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::store {

class SettingTable {
 public:
  virtual ~SettingTable() = default;
  virtual std::optional<std::string> get(std::string_view kind, std::string_view name) = 0;
  virtual void put(std::string_view kind, std::string_view name, std::string_view json) = 0;  // upsert
  virtual bool erase(std::string_view kind, std::string_view name) = 0;
  virtual std::vector<std::pair<std::string, std::string>> all(std::string_view kind) = 0;  // by name
};

}  // namespace patchbay::store
