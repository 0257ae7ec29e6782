#include "engine/lifecycle/stop_note.h"

#include "base/json.h"
#include "engine/lifecycle/stop_notice.h"
#include "store/settings.h"

namespace patchbay::engine {

namespace {

constexpr const char* kKind = "stop";

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
      json::write(json::object{{"keepsQueue", kept.queue}, {"keepsState", kept.state}}));
  putStopNotice(parts, tx, *flow, cause);
  return flow;
}

Kept notedStop(store::Transaction& tx, const std::string& flowId) {
  const auto note = tx.settings().get(kKind, flowId);
  if (!note) {
    return {};
  }
  const json::value document = json::parseOwn(*note);
  return {member(document.as_object(), "keepsQueue"), member(document.as_object(), "keepsState")};
}

void forgetStop(store::Transaction& tx, const std::string& flowId) {
  tx.settings().erase(kKind, flowId);
}

}  // namespace patchbay::engine
