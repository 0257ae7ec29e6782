#pragma once

#include "store/flow_versions.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteFlowVersionTable final : public FlowVersionTable {
 public:
  explicit SqliteFlowVersionTable(Connection& connection) : connection_(connection) {}

  std::int64_t add(const FlowVersionRecord& version) override;
  std::optional<FlowVersionRecord> byId(std::string_view flowId,
                                        std::string_view versionId) override;
  std::optional<FlowVersionRecord> newest(std::string_view flowId) override;
  std::vector<FlowVersionRecord> list(std::string_view flowId, std::int64_t offset,
                                      std::int64_t limit) override;
  std::int64_t count(std::string_view flowId) override;
  void trim(std::string_view flowId, VersionGroup group, std::int64_t keep) override;
  void eraseFlow(std::string_view flowId) override;

 private:
  Connection& connection_;

  Statement greatest_{connection_,
                      "SELECT coalesce(max(number), 0) FROM flow_versions WHERE flow_id = ?"};
  Statement add_{
      connection_,
      "INSERT INTO flow_versions(flow_id, number, version_id, type, label, btime, descriptor) "
      "VALUES(?,?,?,?,?,?,?)"};
  Statement byId_{
      connection_,
      "SELECT version_id, flow_id, number, type, label, btime, descriptor FROM flow_versions "
      "WHERE flow_id = ? AND version_id = ?"};
  Statement newest_{
      connection_,
      "SELECT version_id, flow_id, number, type, label, btime, descriptor FROM flow_versions "
      "WHERE flow_id = ? ORDER BY number DESC LIMIT 1"};
  Statement list_{connection_,
                  "SELECT version_id, flow_id, number, type, label, btime, '' FROM flow_versions "
                  "WHERE flow_id = ?1 ORDER BY number DESC LIMIT ?3 OFFSET ?2"};
  Statement count_{connection_, "SELECT count(*) FROM flow_versions WHERE flow_id = ?"};
  Statement trim_{
      connection_,
      "DELETE FROM flow_versions WHERE flow_id = ?1 AND (type = 'manual') = ?2 AND number <= "
      "(SELECT number FROM flow_versions WHERE flow_id = ?1 AND (type = 'manual') = ?2 "
      "ORDER BY number DESC LIMIT 1 OFFSET ?3)"};
  Statement eraseFlow_{connection_, "DELETE FROM flow_versions WHERE flow_id = ?"};
};

}  // namespace patchbay::store::sqlite
