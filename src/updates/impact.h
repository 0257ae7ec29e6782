// Which changes of a connector's contract hit a flow, and where (breaking-changes §1): the rules
// that join a diff with what the flow really fills, links and maps.
//
// Threads: pure functions; the descriptor must outlive nothing that is returned.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "flows/descriptor.h"
#include "updates/plan.h"

namespace patchbay::updates {

struct ImpactGround {
  const std::vector<connectors::Change>& changes;
  const connectors::Contracts& after;
  // May the flow's owner use this component once it is private?
  std::function<bool(const std::string& type)> mayUsePrivate;
};

// In the order of the flow's components. Changes that hit nothing in it are left out.
std::vector<FlowChange> impactOn(const flows::Descriptor& flow, const ImpactGround& ground);

Verdict worst(const std::vector<FlowChange>& changes);

}  // namespace patchbay::updates
