#include "system_webhooks/flow_stopped.h"

#include "base/json.h"

namespace patchbay::system_webhooks {

namespace {
json::value orNull(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}
}  // namespace

Event flowStopped(const FlowStopped& stopped) {
  const json::object payload{{"flowId", stopped.flowId},
                             {"flowName", stopped.flowName},
                             {"userId", stopped.userId},
                             {"email", orNull(stopped.email)},
                             {"type", stopped.type},
                             {"customFields", stopped.customFields},
                             {"designerUrl", stopped.designerUrl},
                             {"stage", "stopped"},
                             {"reason", stopped.reason},
                             {"stoppedBy", orNull(stopped.stoppedBy)},
                             {"componentId", orNull(stopped.componentId)},
                             {"componentType", orNull(stopped.componentType)},
                             {"connector", orNull(stopped.connector)},
                             {"from", orNull(stopped.from)},
                             {"to", orNull(stopped.to)},
                             {"breakingChanges", stopped.breakingChanges},
                             {"affectedComponents", stopped.affectedComponents},
                             {"actionRequired", stopped.actionRequired},
                             {"err", stopped.err},
                             {"created", stopped.created}};
  return {std::string(kFlowStoppedKey), json::write(payload), stopped.flowId};
}

}  // namespace patchbay::system_webhooks
