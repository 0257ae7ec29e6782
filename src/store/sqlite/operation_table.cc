#include "store/sqlite/operation_table.h"

namespace patchbay::store::sqlite {

namespace {
OperationRecord operationOf(const Query& row) {
  return {row.text(0), row.text(1),    row.text(2),   row.text(3),
          row.text(4), row.integer(5), row.integer(6), row.text(7)};
}

std::vector<OperationRecord> operationsOf(Query& query) {
  std::vector<OperationRecord> operations;
  while (query.next()) {
    operations.push_back(operationOf(query));
  }
  return operations;
}
}  // namespace

void SqliteOperationTable::put(const OperationRecord& operation) {
  Query(put_)
      .bind(operation.ticket)
      .bind(operation.kind)
      .bind(operation.status)
      .bind(operation.userId)
      .bind(operation.document)
      .bind(operation.created)
      .bind(operation.updated)
      .bind(operation.subject)
      .run();
}

std::optional<OperationRecord> SqliteOperationTable::byTicket(std::string_view ticket) {
  Query query(byTicket_);
  query.bind(ticket);
  return query.next() ? std::optional(operationOf(query)) : std::nullopt;
}

std::vector<OperationRecord> SqliteOperationTable::byStatus(std::string_view status) {
  Query query(byStatus_);
  query.bind(status);
  return operationsOf(query);
}

std::vector<OperationRecord> SqliteOperationTable::ofConnectors(std::string_view subject,
                                                                std::int64_t offset,
                                                                std::int64_t limit) {
  Query query(ofConnectors_);
  return operationsOf(query.bind(subject).bind(offset).bind(limit));
}

void SqliteOperationTable::eraseFinishedBefore(std::int64_t updated) {
  Query(eraseFinished_).bind(updated).run();
}

}  // namespace patchbay::store::sqlite
