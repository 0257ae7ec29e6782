#include "store/sqlite/flow_version_table.h"

namespace patchbay::store::sqlite {

namespace {

FlowVersionRecord versionOf(const Query& row) {
  FlowVersionRecord version;
  version.versionId = row.text(0);
  version.flowId = row.text(1);
  version.number = row.integer(2);
  version.type = row.text(3);
  version.label = row.text(4);
  version.btime = row.integer(5);
  version.descriptor = row.text(6);
  return version;
}

std::int64_t oneNumber(Query& query) {
  return query.next() ? query.integer(0) : 0;
}

std::optional<FlowVersionRecord> one(Query& query) {
  return query.next() ? std::optional(versionOf(query)) : std::nullopt;
}

}  // namespace

std::int64_t SqliteFlowVersionTable::add(const FlowVersionRecord& version) {
  std::int64_t number = 0;
  {
    Query greatest(greatest_);
    number = oneNumber(greatest.bind(version.flowId)) + 1;
  }
  Query(add_)
      .bind(version.flowId)
      .bind(number)
      .bind(version.versionId)
      .bind(version.type)
      .bind(version.label)
      .bind(version.btime)
      .bind(version.descriptor)
      .run();
  return number;
}

std::optional<FlowVersionRecord> SqliteFlowVersionTable::byId(std::string_view flowId,
                                                              std::string_view versionId) {
  Query query(byId_);
  return one(query.bind(flowId).bind(versionId));
}

std::optional<FlowVersionRecord> SqliteFlowVersionTable::newest(std::string_view flowId) {
  Query query(newest_);
  return one(query.bind(flowId));
}

std::vector<FlowVersionRecord> SqliteFlowVersionTable::list(std::string_view flowId,
                                                            std::int64_t offset,
                                                            std::int64_t limit) {
  std::vector<FlowVersionRecord> versions;
  Query query(list_);
  query.bind(flowId).bind(offset).bind(limit);
  while (query.next()) {
    versions.push_back(versionOf(query));
  }
  return versions;
}

std::int64_t SqliteFlowVersionTable::count(std::string_view flowId) {
  Query query(count_);
  return oneNumber(query.bind(flowId));
}

void SqliteFlowVersionTable::trim(std::string_view flowId, VersionGroup group, std::int64_t keep) {
  Query(trim_).bind(flowId).bind(group == VersionGroup::kManual).bind(keep).run();
}

void SqliteFlowVersionTable::eraseFlow(std::string_view flowId) {
  Query(eraseFlow_).bind(flowId).run();
}

}  // namespace patchbay::store::sqlite
