#pragma once

#include "store/audit.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteAuditTable final : public AuditTable {
 public:
  explicit SqliteAuditTable(Connection& connection) : connection_(connection) {}

  void add(const AuditRecord& entry) override;
  std::vector<AuditRecord> list(std::string_view resource, std::string_view name,
                                std::int64_t before, std::int64_t limit) override;

 private:
  Connection& connection_;
  Statement add_{connection_,
                 "INSERT INTO audit(at, user_id, action, resource, name, version_from, version_to, "
                 "ticket, ip, outcome) VALUES(?,?,?,?,?,?,?,?,?,?)"};
  Statement list_{connection_,
                  "SELECT id, at, user_id, action, resource, name, version_from, version_to, ticket, "
                  "ip, outcome FROM audit WHERE (?1 = '' OR resource = ?1) AND (?2 = '' OR name = ?2) "
                  "AND (?3 = 0 OR id < ?3) ORDER BY id DESC LIMIT ?4"};
};

}  // namespace patchbay::store::sqlite
