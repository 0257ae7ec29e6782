#pragma once

#include "store/flows.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteFlowTable final : public FlowTable {
 public:
  explicit SqliteFlowTable(Connection& connection) : connection_(connection) {}

  void put(const FlowRecord& flow) override;
  void setStage(std::string_view flowId, std::string_view stage, std::int64_t runId,
                std::int64_t started, std::int64_t stopped) override;
  void erase(std::string_view flowId) override;
  std::optional<FlowRecord> byId(std::string_view flowId) override;
  std::optional<FlowRecord> summary(std::string_view flowId) override;
  std::vector<FlowRecord> byUser(std::string_view userId) override;
  std::vector<FlowRecord> all() override;
  std::vector<std::string> naming(FlowReference reference, std::string_view flowId) override;
  std::vector<FlowRecord> byStage(std::string_view stage) override;

  void setComponents(std::string_view flowId,
                     const std::vector<FlowComponentRecord>& components) override;
  std::vector<FlowComponentRecord> components(std::string_view flowId) override;
  std::vector<FlowComponentRecord> componentsById(std::string_view componentId) override;
  std::vector<FlowComponentRecord> allComponents() override;
  std::vector<std::string> componentTypes() override;
  std::vector<FlowComponentRecord> componentsByType(std::string_view type) override;

  void setPins(std::string_view flowId, const std::vector<FlowPinRecord>& pins) override;
  std::vector<FlowPinRecord> pins(std::string_view flowId) override;
  std::vector<FlowPinRecord> allPins() override;
  std::vector<FlowPinRecord> pinsOfBundle(std::string_view bundle) override;
  void movePins(std::string_view bundle, std::string_view revision) override;

 private:
  Connection& connection_;

#define PATCHBAY_FLOW_COLUMNS \
  "flow_id, user_id, name, stage, run_id, btime, mtime, started, stopped, version"
  Statement put_{connection_, "INSERT OR REPLACE INTO flows(" PATCHBAY_FLOW_COLUMNS
                              ", document) VALUES(?,?,?,?,?,?,?,?,?,?,?)"};
  Statement byId_{connection_, "SELECT " PATCHBAY_FLOW_COLUMNS ", document FROM flows WHERE flow_id = ?"};
  Statement summary_{connection_, "SELECT " PATCHBAY_FLOW_COLUMNS ", '' FROM flows WHERE flow_id = ?"};
  Statement byUser_{connection_, "SELECT " PATCHBAY_FLOW_COLUMNS
                                 ", document FROM flows WHERE user_id = ? ORDER BY mtime DESC, flow_id"};
  Statement all_{connection_,
                 "SELECT " PATCHBAY_FLOW_COLUMNS ", document FROM flows ORDER BY mtime DESC, flow_id"};
  Statement byStage_{connection_, "SELECT " PATCHBAY_FLOW_COLUMNS
                                  ", '' FROM flows WHERE stage = ? ORDER BY mtime DESC, flow_id"};
#undef PATCHBAY_FLOW_COLUMNS
  // instr spares most documents the parsing.
  Statement naming_{
      connection_,
      "SELECT flow_id FROM flows WHERE instr(document, ?1) > 0 AND json_extract(document, ?2) = ?1 "
      "ORDER BY btime, flow_id"};
  Statement setStage_{connection_,
                      "UPDATE flows SET stage = ?, run_id = ?, started = ?, stopped = ? WHERE flow_id = ?"};
  Statement erase_{connection_, "DELETE FROM flows WHERE flow_id = ?"};

  Statement eraseComponents_{connection_, "DELETE FROM flow_components WHERE flow_id = ?"};
  Statement putComponent_{
      connection_, "INSERT OR REPLACE INTO flow_components(flow_id, component_id, type) VALUES(?,?,?)"};
  Statement components_{connection_,
                        "SELECT flow_id, component_id, type FROM flow_components WHERE flow_id = ?"};
  Statement componentsById_{connection_,
                            "SELECT flow_id, component_id, type FROM flow_components WHERE component_id = ?"};
  Statement allComponents_{connection_, "SELECT flow_id, component_id, type FROM flow_components"};

  // Jumps from type to type over the index, whatever the number of rows.
  Statement componentTypes_{
      connection_,
      "WITH RECURSIVE types(type) AS (SELECT min(type) FROM flow_components UNION ALL SELECT (SELECT "
      "min(type) FROM flow_components WHERE type > types.type) FROM types WHERE types.type IS NOT NULL) "
      "SELECT type FROM types WHERE type IS NOT NULL"};
  Statement componentsByType_{connection_,
                              "SELECT flow_id, component_id, type FROM flow_components WHERE type = ? "
                              "ORDER BY flow_id, component_id"};

  Statement eraseAttention_{connection_, "DELETE FROM attention WHERE flow_id = ?"};
  Statement erasePins_{connection_, "DELETE FROM flow_pins WHERE flow_id = ?"};
  Statement putPin_{
      connection_,
      "INSERT OR REPLACE INTO flow_pins(flow_id, bundle, revision, side_by_side) VALUES(?,?,?,?)"};
  Statement pins_{connection_, "SELECT flow_id, bundle, revision, side_by_side FROM flow_pins WHERE flow_id = ?"};
  Statement pinsOfBundle_{connection_,
                          "SELECT flow_id, bundle, revision, side_by_side FROM flow_pins WHERE bundle = ? "
                          "ORDER BY flow_id"};
  Statement movePins_{connection_,
                      "UPDATE flow_pins SET revision = ?2 WHERE bundle = ?1 AND side_by_side = 0"};
  Statement allPins_{connection_, "SELECT flow_id, bundle, revision, side_by_side FROM flow_pins"};
};

}  // namespace patchbay::store::sqlite
