#pragma once

#include "store/operations.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteOperationTable final : public OperationTable {
 public:
  explicit SqliteOperationTable(Connection& connection) : connection_(connection) {}

  void put(const OperationRecord& operation) override;
  std::optional<OperationRecord> byTicket(std::string_view ticket) override;
  std::vector<OperationRecord> byStatus(std::string_view status) override;
  std::vector<OperationRecord> ofConnectors(std::string_view subject, std::int64_t offset,
                                            std::int64_t limit) override;
  void eraseFinishedBefore(std::int64_t updated) override;

 private:
  Connection& connection_;
  Statement put_{connection_,
                 "INSERT INTO operations(ticket, kind, status, user_id, document, created, updated, "
                 "subject) VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(ticket) DO UPDATE SET kind = excluded.kind, status = "
                 "excluded.status, user_id = excluded.user_id, document = excluded.document, created = "
                 "excluded.created, updated = excluded.updated, subject = excluded.subject"};
  Statement byTicket_{
      connection_,
      "SELECT ticket, kind, status, user_id, document, created, updated, subject FROM operations WHERE ticket = ?"};
  Statement byStatus_{connection_,
                      "SELECT ticket, kind, status, user_id, document, created, updated, subject FROM operations WHERE "
                      "status = ? ORDER BY created, rowid"};
  Statement ofConnectors_{connection_,
                          "SELECT ticket, kind, status, user_id, document, created, updated, subject FROM "
                          "operations WHERE subject <> '' AND (?1 = '' OR subject = ?1) ORDER BY created DESC, "
                          "rowid DESC LIMIT ?3 OFFSET ?2"};
  Statement eraseFinished_{connection_,
                           "DELETE FROM operations WHERE status <> 'in-progress' AND updated < ? AND (subject = '' "
                           "OR created < (SELECT max(created) FROM operations AS newer WHERE newer.subject = "
                           "operations.subject))"};
};

}  // namespace patchbay::store::sqlite
