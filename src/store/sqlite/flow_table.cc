#include "store/sqlite/flow_table.h"

namespace patchbay::store::sqlite {

namespace {

FlowRecord flowOf(const Query& row) {
  FlowRecord flow;
  flow.flowId = row.text(0);
  flow.userId = row.text(1);
  flow.name = row.text(2);
  flow.stage = row.text(3);
  flow.runId = row.integer(4);
  flow.btime = row.integer(5);
  flow.mtime = row.integer(6);
  flow.started = row.integer(7);
  flow.stopped = row.integer(8);
  flow.version = row.integer(9);
  flow.document = row.text(10);
  return flow;
}

std::vector<FlowRecord> flowsOf(Query& query) {
  std::vector<FlowRecord> flows;
  while (query.next()) {
    flows.push_back(flowOf(query));
  }
  return flows;
}

std::vector<FlowComponentRecord> componentsOf(Query& query) {
  std::vector<FlowComponentRecord> components;
  while (query.next()) {
    components.push_back({query.text(0), query.text(1), query.text(2)});
  }
  return components;
}

std::vector<FlowPinRecord> pinsOf(Query& query) {
  std::vector<FlowPinRecord> pins;
  while (query.next()) {
    pins.push_back({query.text(0), query.text(1), query.text(2), query.integer(3) != 0});
  }
  return pins;
}

}  // namespace

void SqliteFlowTable::put(const FlowRecord& flow) {
  Query(put_)
      .bind(flow.flowId)
      .bind(flow.userId)
      .bind(flow.name)
      .bind(flow.stage)
      .bind(flow.runId)
      .bind(flow.btime)
      .bind(flow.mtime)
      .bind(flow.started)
      .bind(flow.stopped)
      .bind(flow.version)
      .bind(flow.document)
      .run();
}

void SqliteFlowTable::setStage(std::string_view flowId, std::string_view stage, std::int64_t runId,
                               std::int64_t started, std::int64_t stopped) {
  Query(setStage_).bind(stage).bind(runId).bind(started).bind(stopped).bind(flowId).run();
}

void SqliteFlowTable::erase(std::string_view flowId) {
  Query(erase_).bind(flowId).run();
  Query(eraseComponents_).bind(flowId).run();
  Query(erasePins_).bind(flowId).run();
  Query(eraseAttention_).bind(flowId).run();
}

std::optional<FlowRecord> SqliteFlowTable::byId(std::string_view flowId) {
  Query query(byId_);
  query.bind(flowId);
  return query.next() ? std::optional(flowOf(query)) : std::nullopt;
}

std::optional<FlowRecord> SqliteFlowTable::summary(std::string_view flowId) {
  Query query(summary_);
  query.bind(flowId);
  return query.next() ? std::optional(flowOf(query)) : std::nullopt;
}

std::vector<FlowRecord> SqliteFlowTable::byUser(std::string_view userId) {
  Query query(byUser_);
  return flowsOf(query.bind(userId));
}

std::vector<FlowRecord> SqliteFlowTable::all() {
  Query query(all_);
  return flowsOf(query);
}

std::vector<std::string> SqliteFlowTable::naming(FlowReference reference, std::string_view flowId) {
  Query query(naming_);
  query.bind(flowId).bind(reference == FlowReference::kTemplate ? "$.templateId"
                                                                : "$.originFlowId");
  std::vector<std::string> ids;
  while (query.next()) {
    ids.push_back(query.text(0));
  }
  return ids;
}

std::vector<FlowRecord> SqliteFlowTable::byStage(std::string_view stage) {
  Query query(byStage_);
  return flowsOf(query.bind(stage));
}

void SqliteFlowTable::setComponents(std::string_view flowId,
                                    const std::vector<FlowComponentRecord>& components) {
  Query(eraseComponents_).bind(flowId).run();
  for (const FlowComponentRecord& component : components) {
    Query(putComponent_).bind(flowId).bind(component.componentId).bind(component.type).run();
  }
}

std::vector<FlowComponentRecord> SqliteFlowTable::components(std::string_view flowId) {
  Query query(components_);
  return componentsOf(query.bind(flowId));
}

std::vector<FlowComponentRecord> SqliteFlowTable::componentsById(std::string_view componentId) {
  Query query(componentsById_);
  return componentsOf(query.bind(componentId));
}

std::vector<FlowComponentRecord> SqliteFlowTable::allComponents() {
  Query query(allComponents_);
  return componentsOf(query);
}

std::vector<std::string> SqliteFlowTable::componentTypes() {
  Query query(componentTypes_);
  std::vector<std::string> types;
  while (query.next()) {
    types.push_back(query.text(0));
  }
  return types;
}

std::vector<FlowComponentRecord> SqliteFlowTable::componentsByType(std::string_view type) {
  Query query(componentsByType_);
  return componentsOf(query.bind(type));
}

void SqliteFlowTable::setPins(std::string_view flowId, const std::vector<FlowPinRecord>& pins) {
  Query(erasePins_).bind(flowId).run();
  for (const FlowPinRecord& pin : pins) {
    Query(putPin_).bind(flowId).bind(pin.bundle).bind(pin.revision).bind(pin.sideBySide).run();
  }
}

std::vector<FlowPinRecord> SqliteFlowTable::pins(std::string_view flowId) {
  Query query(pins_);
  return pinsOf(query.bind(flowId));
}

std::vector<FlowPinRecord> SqliteFlowTable::allPins() {
  Query query(allPins_);
  return pinsOf(query);
}

std::vector<FlowPinRecord> SqliteFlowTable::pinsOfBundle(std::string_view bundle) {
  Query query(pinsOfBundle_);
  return pinsOf(query.bind(bundle));
}

void SqliteFlowTable::movePins(std::string_view bundle, std::string_view revision) {
  Query(movePins_).bind(bundle).bind(revision).run();
}

}  // namespace patchbay::store::sqlite
