// The one transaction that makes an operation happen (R22): besides what is current it moves the
// pins of running flows, marks flows that need attention, tells of the stopped ones, and writes the
// operation's row and the audit.
//
// Threads: inside a unit.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "system_webhooks/outbox.h"
#include "updates/operation.h"
#include "updates/plan.h"

namespace patchbay::updates {

struct SwitchGround {
  system_webhooks::Outbox& outbox;
  const std::string& publicUrl;
  base::Time now;
};

// Which flows go on running through the switch.
struct Staying {
  bool all = false;
  std::set<std::string> flowIds;
  bool admits(const std::string& flowId) const { return all || flowIds.contains(flowId); }
};

// kStale: a flow that would have to be stopped has been started meanwhile.
base::Status checkStaying(store::Transaction& tx, const std::string& bundle,
                          const Staying& staying);
// Running flows go on with the revision that is current now; `sideBySide`: they keep theirs.
// Gives the flows that keep it.
std::vector<std::string> movePins(store::Transaction& tx, const std::string& bundle,
                                  const std::string& revision, bool sideBySide);
// Flows that have not been touched since go on with the revision of before, the others keep the
// newer one (R25).
void rollBackPins(store::Transaction& tx, const Operation& undone, const std::string& bundle);
// What the owners of these flows have to do from now on.
void markAttention(store::Transaction& tx, const Operation& operation, const Plan& plan,
                   base::Time now);
// WEBHOOK_FLOW_STOPPED for each flow that was stopped (R27).
void tellStopped(const SwitchGround& ground, store::Transaction& tx, const Operation& operation,
                 const Plan& plan);
void addAudit(store::Transaction& tx, const Operation& operation, base::Time now);

}  // namespace patchbay::updates
