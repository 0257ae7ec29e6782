#include "engine/context/state_calls.h"

#include "base/json.h"
#include "engine/context/state_values.h"

namespace patchbay::engine {

namespace {

base::Result<std::string> ownerOf(const Attempt& attempt, const json::object& arguments) {
  const std::string scope = json::getString(arguments, "scope", "component");
  if (scope == "component") {
    return "c:" + attempt.flow->flowId + ":" + attempt.componentId();
  }
  if (scope == "flow") {
    return "f:" + attempt.flow->flowId;
  }
  if (scope == "service") {
    return "s:" + attempt.component().service;
  }
  return base::fail(base::Code::kInvalid, "State scope \"" + scope + "\" is none of component, flow, service.");
}

// The reply is written on the commit thread and read on the loop after the commit.
void run(HostCalls& calls, FlowDirectory& flows, const StateOp& op, const json::object& arguments, const Answer& answer) {
  auto owner = ownerOf(answer.attempt(), arguments);
  if (!owner) {
    answer.fail(owner.error());
    return;
  }
  if (op.writes && owner->starts_with("c:")) {
    if (FlowEntry* entry = flows.find(answer.attempt().flow->flowId)) {
      entry->stateful.insert(answer.attempt().componentId());
    }
  }
  const auto reply = std::make_shared<std::string>();
  const auto unit = [work = op.work, owner = *owner, arguments, reply](store::Transaction& tx) -> base::Status {
    auto result = work(tx.states(), owner, arguments);
    if (!result) {
      return result.error();
    }
    *reply = std::move(*result);
    return {};
  };
  calls.commit(unit, answer, [reply] { return *reply; });
}

}  // namespace

void addStateCalls(HostCalls& calls, FlowDirectory& flows) {
  for (const StateOp& op : stateOps()) {
    calls.add(op.name, [&calls, &flows, &op](const json::object& arguments, const Answer& answer) {
      run(calls, flows, op, arguments, answer);
    });
  }
}

}  // namespace patchbay::engine
