#include "store/sqlite/attention_table.h"

namespace patchbay::store::sqlite {

void SqliteAttentionTable::put(const AttentionRecord& attention) {
  Query(put_)
      .bind(attention.flowId)
      .bind(attention.code)
      .bind(attention.connector)
      .bind(attention.componentId)
      .bind(attention.subject)
      .bind(attention.message)
      .bind(attention.since)
      .run();
}

std::vector<AttentionRecord> SqliteAttentionTable::ofFlow(std::string_view flowId) {
  Query query(ofFlow_);
  query.bind(flowId);
  std::vector<AttentionRecord> records;
  while (query.next()) {
    records.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.text(4),
                       query.text(5), query.integer(6)});
  }
  return records;
}

std::vector<std::string> SqliteAttentionTable::flows() {
  Query query(flows_);
  std::vector<std::string> ids;
  while (query.next()) {
    ids.push_back(query.text(0));
  }
  return ids;
}

void SqliteAttentionTable::clear(std::string_view flowId) {
  Query(clear_).bind(flowId).run();
}

void SqliteAttentionTable::clear(std::string_view flowId, std::string_view connector) {
  Query(clearOne_).bind(flowId).bind(connector).run();
}

}  // namespace patchbay::store::sqlite
