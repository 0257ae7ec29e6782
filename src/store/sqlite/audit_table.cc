#include "store/sqlite/audit_table.h"

namespace patchbay::store::sqlite {

void SqliteAuditTable::add(const AuditRecord& entry) {
  Query(add_)
      .bind(entry.at)
      .bind(entry.userId)
      .bind(entry.action)
      .bind(entry.resource)
      .bind(entry.name)
      .bind(entry.from)
      .bind(entry.to)
      .bind(entry.ticket)
      .bind(entry.ip)
      .bind(entry.outcome)
      .run();
}

std::vector<AuditRecord> SqliteAuditTable::list(std::string_view resource, std::string_view name,
                                                std::int64_t before, std::int64_t limit) {
  Query query(list_);
  query.bind(resource).bind(name).bind(before).bind(limit);
  std::vector<AuditRecord> entries;
  while (query.next()) {
    entries.push_back({query.integer(0), query.integer(1), query.text(2), query.text(3),
                       query.text(4), query.text(5), query.text(6), query.text(7), query.text(8),
                       query.text(9), query.text(10)});
  }
  return entries;
}

}  // namespace patchbay::store::sqlite
