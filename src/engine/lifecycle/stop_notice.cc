#include "engine/lifecycle/stop_notice.h"

#include "base/json.h"
#include "store/accounts.h"
#include "store/users.h"
#include "system_webhooks/flow_stopped.h"
#include "system_webhooks/outbox.h"

namespace patchbay::engine {

namespace {

constexpr std::size_t kMaxErrBytes = 51'200;

// What the owner has to do before he starts it again.
json::array actions(store::Transaction& tx, const store::FlowRecord& flow, const StopCause& cause) {
  json::array actions;
  if (cause.reason == kStopAccountRemoved) {
    const auto account = tx.accounts().byId(cause.accountId);
    for (const store::AssignmentRecord& assignment : tx.accounts().ofFlow(flow.flowId)) {
      if (assignment.accountId == cause.accountId) {
        actions.push_back(json::object{
            {"kind", "reconnect-account"},
            {"componentId", assignment.componentId},
            {"service", account ? account->service : ""},
            {"message", "Choose another account for this component, then start the flow."}});
      }
    }
  } else if (cause.reason == kStopSystem) {
    actions.push_back(json::object{
        {"kind", "review"},
        {"componentId", cause.componentId},
        {"message",
         "The server was started anew while this flow started, and the start then failed. "
         "Remove the cause, then start the flow."}});
  } else if (cause.reason == kStopComponentError) {
    actions.push_back(json::object{
        {"kind", "review"},
        {"componentId", cause.componentId},
        {"message",
         "This component failed and is set to stop the flow. Remove the cause, put its "
         "unprocessed message back, then start the flow."}});
  }
  return actions;
}

json::value errOf(const std::string& err) {
  if (err.empty() || err.size() > kMaxErrBytes) {
    return nullptr;
  }
  auto parsed = json::parse(err, "err");
  return parsed ? std::move(*parsed) : json::value(nullptr);
}

}  // namespace

void putStopNotice(Parts& parts, store::Transaction& tx, const store::FlowRecord& flow,
                   const StopCause& cause) {
  if (cause.reason.empty() || !parts.outbox.wants(system_webhooks::kFlowStoppedKey)) {
    return;
  }
  system_webhooks::FlowStopped stopped;
  stopped.flowId = flow.flowId;
  stopped.flowName = flow.name;
  stopped.userId = flow.userId;
  if (const auto owner = tx.users().byId(flow.userId)) {
    stopped.email = owner->email;
  }
  if (const auto document = json::parse(flow.document, "flow"); document && document->is_object()) {
    stopped.type = json::getString(document->get_object(), "type", stopped.type);
    stopped.customFields = json::getObject(document->get_object(), "customFields");
  }
  stopped.reason = cause.reason;
  stopped.componentId = cause.componentId;
  stopped.componentType = cause.componentType;
  stopped.connector = cause.connector;
  stopped.err = errOf(cause.err);
  stopped.actionRequired = actions(tx, flow, cause);
  stopped.designerUrl = parts.publicUrl + "/backoffice/designer/" + flow.flowId;
  stopped.created = base::toIso(parts.clock.now());
  parts.outbox.put(tx, system_webhooks::flowStopped(stopped), store::kHeld);
}

}  // namespace patchbay::engine
