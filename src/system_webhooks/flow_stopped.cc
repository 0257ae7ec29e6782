#include "system_webhooks/flow_stopped.h"

#include "base/json.h"

namespace patchbay::system_webhooks {

Event flowStopped(const FlowStopped& stopped) {
  const json::object payload{{"flowId", stopped.flowId},
                             {"flowName", stopped.flowName},
                             {"userId", stopped.userId},
                             {"email", json::orNull(stopped.email)},
                             {"type", stopped.type},
                             {"customFields", stopped.customFields},
                             {"designerUrl", stopped.designerUrl},
                             {"stage", "stopped"},
                             {"reason", stopped.reason},
                             {"stoppedBy", json::orNull(stopped.stoppedBy)},
                             {"componentId", json::orNull(stopped.componentId)},
                             {"componentType", json::orNull(stopped.componentType)},
                             {"connector", json::orNull(stopped.connector)},
                             {"from", json::orNull(stopped.from)},
                             {"to", json::orNull(stopped.to)},
                             {"breakingChanges", stopped.breakingChanges},
                             {"affectedComponents", stopped.affectedComponents},
                             {"actionRequired", stopped.actionRequired},
                             {"err", stopped.err},
                             {"created", stopped.created}};
  return {std::string(kFlowStoppedKey), json::write(payload), stopped.flowId};
}

}  // namespace patchbay::system_webhooks
