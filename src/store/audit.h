// What administrators did, and operations for them (rest-api §29.6). Rows are only added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct AuditRecord {
  std::int64_t id = 0;  // add() gives it; grows
  std::int64_t at = 0;  // ms
  std::string userId;   // empty = the server itself
  std::string action;   // install, update, remove, rollback, publish, change, …
  std::string resource; // connector, acl, configuration, …
  std::string name;     // of the connector, the rule list, the key
  std::string from, to; // versions; empty = does not apply
  std::string ticket;   // of the operation; empty = none
  std::string ip;       // empty = not known
  std::string outcome;  // completed, failed, cancelled
};

class AuditTable {
 public:
  virtual ~AuditTable() = default;
  virtual void add(const AuditRecord& entry) = 0;
  // Newest first, below `before` (0 = from the newest); empty resource or name = any.
  virtual std::vector<AuditRecord> list(std::string_view resource, std::string_view name,
                                        std::int64_t before, std::int64_t limit) = 0;
};

}  // namespace patchbay::store
