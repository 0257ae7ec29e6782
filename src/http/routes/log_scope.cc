#include "http/routes/log_scope.h"

namespace patchbay::http {

base::Result<insights::LogScope> logScopeOf(flows::Flows& flows, const access::Caller& caller) {
  insights::LogScope scope;
  scope.everything = caller.isAdmin();
  scope.userId = caller.userId;
  if (!scope.everything) {
    auto shared = flows.sharedWith(caller);
    if (!shared) {
      return shared.error();
    }
    for (store::FlowRecord& flow : *shared) {
      scope.flowIds.push_back(std::move(flow.flowId));
    }
  }
  return scope;
}

}  // namespace patchbay::http
