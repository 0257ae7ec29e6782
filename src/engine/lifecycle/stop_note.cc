#include "engine/lifecycle/stop_note.h"

#include "base/json.h"
#include "engine/lifecycle/stop_notice.h"
#include "store/settings.h"

namespace patchbay::engine {

namespace {

constexpr const char* kKind = "stop";
constexpr const char* kParkedKind = "parked";

bool member(const json::object& note, std::string_view key) {
  const json::value* value = json::find(note, key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

std::optional<store::FlowRecord> noteStop(Parts& parts, store::Transaction& tx,
                                          const std::string& flowId, Kept kept,
                                          const StopCause& cause) {
  auto flow = tx.flows().byId(flowId);
  if (!flow || flow->stage == "stopping") {
    return flow;
  }
  tx.flows().setStage(flowId, "stopping", flow->runId, flow->started, flow->stopped);
  tx.settings().put(
      kKind, flowId,
      json::write(json::object{{"keepsQueue", kept.queue}, {"keepsState", kept.state},
                               {"keepsWebhooks", kept.webhooks}}));
  putStopNotice(parts, tx, *flow, cause);
  return flow;
}

Kept notedStop(store::Transaction& tx, const std::string& flowId) {
  const auto note = tx.settings().get(kKind, flowId);
  if (!note) {
    return {};
  }
  const json::value document = json::parseOwn(*note);
  const json::object& members = document.as_object();
  return {member(members, "keepsQueue"), member(members, "keepsState"),
          member(members, "keepsWebhooks")};
}

void forgetStop(store::Transaction& tx, const std::string& flowId) {
  tx.settings().erase(kKind, flowId);
}

void noteParked(store::Transaction& tx, const std::string& flowId) {
  tx.settings().put(kParkedKind, flowId, "{}");
}

void forgetParked(store::Transaction& tx, const std::string& flowId) {
  tx.settings().erase(kParkedKind, flowId);
}

std::vector<std::string> parkedFlows(store::Transaction& tx) {
  std::vector<std::string> flowIds;
  for (const auto& [flowId, note] : tx.settings().all(kParkedKind)) {
    flowIds.push_back(flowId);
  }
  return flowIds;
}

}  // namespace patchbay::engine
