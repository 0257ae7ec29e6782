// Static calls: a component's `receive` once, outside any flow, for forms and variable lists (rest-api §7.9, connector-format §9.1).
//
// No queue row, no state, no log record, and no host call that acts on a flow; what it sends is collected and answered. The account is that of
// the component whose field asks, given to code of its own service only. Threads: run from any thread, `told` on the engine loop, exactly once. Errors: kNotFound (component), kInvalid (the
// component's own message, with its data), kComponentBroken, kDeadline, kWorkerLost, kUnavailable (too many at once, or its quota has no
// room within its maxWait). A call counts against the quota of the component that is called, as one in a flow does.
#pragma once

#include <string>

#include "engine/outside_calls.h"
#include "engine/parts.h"
#include "engine/quota/gate.h"

namespace patchbay::engine {

struct StaticCall {
  std::string type;         // vendor.service.module.Component
  std::string userId;       // whose data stores and files it sees
  std::string flowId;       // the flow of the component that asks, "" = none that is saved
  std::string componentId;  // the component that asks, "" = none
  std::string outPort;      // "" = the first one
  std::string properties;   // JSON object
  std::string messages;     // JSON object: port → content
  std::string transform;    // "./file#function", "" = none
  std::string revision;     // where the component is looked for first, "" = the newest
  std::uint8_t depth = 0;   // components that ask for it, each for the next
};

class StaticCalls {
 public:
  StaticCalls(Parts& parts, OutsideCalls& calls, QuotaGate& quota)
      : parts_(parts), calls_(calls), quota_(quota) {}
  // `told`: raw JSON.
  void run(StaticCall call, OutsideCall::Told told);

 private:
  void runOnLoop(StaticCall call, OutsideCall::Told told);
  void callNow(const StaticCall& call, const AttemptPtr& attempt, OutsideCall::Told told);
  base::Result<AttemptPtr> makeAttempt(const StaticCall& call) const;
  base::Result<std::string> members(const StaticCall& call, const Attempt& attempt) const;

  Parts& parts_;
  OutsideCalls& calls_;
  QuotaGate& quota_;
};

}  // namespace patchbay::engine
