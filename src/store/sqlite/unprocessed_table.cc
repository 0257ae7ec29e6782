#include "store/sqlite/unprocessed_table.h"

namespace patchbay::store::sqlite {

namespace {
UnprocessedRecord recordOf(const Query& row) {
  return {row.text(0), row.text(1), row.text(2),    row.text(3),
          row.text(4), row.text(5), row.integer(6), row.text(7), row.integer(8)};
}
}  // namespace

void SqliteUnprocessedTable::insert(const UnprocessedRecord& record) {
  Query(insert_)
      .bind(record.messageId)
      .bind(record.flowId)
      .bind(record.componentId)
      .bind(record.componentType)
      .bind(record.userId)
      .bind(record.correlationId)
      .bind(record.created)
      .bind(record.document)
      .run();
}

bool SqliteUnprocessedTable::erase(std::string_view messageId) {
  Query(erase_).bind(messageId).run();
  return connection_.changes() > 0;
}

void SqliteUnprocessedTable::eraseFlow(std::string_view flowId) {
  Query(eraseFlow_).bind(flowId).run();
}

std::optional<UnprocessedRecord> SqliteUnprocessedTable::byId(std::string_view messageId) {
  Query query(byId_);
  query.bind(messageId);
  return query.next() ? std::optional(recordOf(query)) : std::nullopt;
}

std::vector<UnprocessedRecord> SqliteUnprocessedTable::list(std::string_view userId,
                                                            std::string_view flowId,
                                                            std::string_view correlationId,
                                                            std::int64_t offset, std::int64_t limit) {
  Query query(!flowId.empty() ? listFlow_ : !userId.empty() ? listUser_ : listAll_);
  query.bind(userId).bind(flowId).bind(correlationId).bind(offset).bind(limit);
  std::vector<UnprocessedRecord> records;
  while (query.next()) {
    records.push_back(recordOf(query));
  }
  return records;
}

std::vector<UnprocessedRecord> SqliteUnprocessedTable::after(std::string_view userId, std::string_view flowId,
                                                             std::int64_t number, std::int64_t limit) {
  Query query(after_);
  query.bind(userId).bind(flowId).bind(number).bind(limit);
  std::vector<UnprocessedRecord> records;
  while (query.next()) {
    records.push_back(recordOf(query));
  }
  return records;
}

std::int64_t SqliteUnprocessedTable::lastNumber() {
  Query query(lastNumber_);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t SqliteUnprocessedTable::count(std::string_view userId, std::string_view flowId) {
  Query query(!flowId.empty() ? countFlow_ : !userId.empty() ? countUser_ : countAll_);
  query.bind(userId).bind(flowId);
  return query.next() ? query.integer(0) : 0;
}

}  // namespace patchbay::store::sqlite
