// Carries out one operation, phase by phase (R22): stage → verify → plan once more → restore point
// → stop → switch → resume.
//
// Threads: any but the engine loop's; one call an operation; blocks. Delivery: until the switch has
// committed nothing is current that was not, and takeBack() starts again what was stopped; after
// it, nothing can fail any more. Errors are the operation's: kBreakingChange carries the plan's
// lines in `data`. Ownership: all Parts must outlive this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/system_configuration.h"
#include "engine/engine.h"
#include "system_webhooks/outbox.h"
#include "updates/flow_restarts.h"
#include "updates/operation.h"
#include "updates/order_staging.h"
#include "updates/planner.h"
#include "updates/progress.h"
#include "updates/switching.h"

namespace patchbay::updates {

class Rollout {
 public:
  struct Parts {
    store::Store& store;
    connectors::Registry& registry;
    connectors::InstalledBundles& bundles;
    connectors::RevisionMaker& maker;
    const Planner& planner;
    engine::Engine& engine;
    system_webhooks::Outbox& outbox;
    const access::SystemConfiguration& configuration;
    const base::Clock& clock;
    std::string publicUrl;
  };
  Rollout(const Parts& parts, Progress& progress);

  base::Status run(Operation& operation, const Order& order);
  // Starts the flows again that it stopped.
  void takeBack(Operation& operation);
  // What follows the switch; also of an operation that was cut off after it. May be done again.
  void resume(Operation& operation);
  void stop() { staging_.stop(); }

 private:
  struct Work;
  base::Status makePlans(Work& work);
  void tellWarnings(Work& work) const;
  base::Status checkConfirmed(const Work& work) const;
  base::Status stopFlows(Work& work);
  base::Status switchOver(Work& work);
  base::Status writeSwitch(store::Transaction& tx, Work& work);
  base::Status readUndone(const Operation& operation, std::optional<Operation>& undone) const;
  std::vector<std::string> toStop(const Work& work) const;
  Staying staying(const Work& work) const;
  base::Status enter(Work& work, Phase phase);

  Parts parts_;
  OrderStaging staging_;
  FlowRestarts restarts_;
  Progress& progress_;
};

}  // namespace patchbay::updates
