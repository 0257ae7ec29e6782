#include "engine/context/flow_calls.h"

#include "access/tokens.h"
#include "access/users.h"
#include "base/json.h"

namespace patchbay::engine {

namespace {
// Long enough for one call of a component, its retries by the HTTP client included.
constexpr base::Millis kTokenLife{std::chrono::minutes(30)};
}  // namespace

void addFlowCalls(HostCalls& calls, Parts& parts, std::function<void(const std::string& flowId, StopCause cause)> stopFlow) {
  calls.add("stopFlow", [&parts, stopFlow = std::move(stopFlow)](const json::object&, Answer answer) {
    answer.ok();
    const RunningNode& node = *answer.attempt().node;
    StopCause cause{kStopComponent, answer.attempt().componentId(), node.node->type, node.bundle, "", ""};
    parts.loop.post([stopFlow, flowId = answer.attempt().flow->flowId, cause = std::move(cause)] { stopFlow(flowId, cause); });
  });
  calls.add("callToken", [&calls, &parts](const json::object&, Answer answer) {
    const std::string userId = answer.attempt().flow->userId;
    calls.inBackground(answer, [&parts, userId]() -> base::Result<std::string> {
      const auto caller = parts.users.callerFor(userId);
      if (!caller) {
        return caller.error();
      }
      const std::string token =
          parts.tokens.issue({(*caller)->userId, (*caller)->username, (*caller)->scope}, kTokenLife);
      return json::write(json::object{{"token", token}});
    });
  });
}

}  // namespace patchbay::engine
