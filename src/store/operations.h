// Tickets of long work (rest-api §1.7, architecture.md §6).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct OperationRecord {
  std::string ticket;    // UUID
  std::string kind;      // "publish", "delete-user", …
  std::string status;    // in-progress, completed, failed, cancelled
  std::string userId;    // who asked
  std::string document;  // JSON, by kind
  std::int64_t created = 0, updated = 0;  // ms
  std::string subject;  // the connector it works on; empty = none, or several
};

class OperationTable {
 public:
  virtual ~OperationTable() = default;
  virtual void put(const OperationRecord& operation) = 0;
  virtual std::optional<OperationRecord> byTicket(std::string_view ticket) = 0;
  virtual std::vector<OperationRecord> byStatus(std::string_view status) = 0;
  // Of one connector, or of all where `subject` is empty; newest first.
  virtual std::vector<OperationRecord> ofConnectors(std::string_view subject, std::int64_t offset,
                                                    std::int64_t limit) = 0;
  // But the newest of each connector stays.
  virtual void eraseFinishedBefore(std::int64_t updated) = 0;
};

}  // namespace patchbay::store
