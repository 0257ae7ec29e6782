// What may be done to a connector, and the checks before a ticket is given (rest-api §29.3, §7.4,
// §7.7; R21, R24-R26).
//
// Threads: any but the engine loop's and the commit thread; blocks on reads. Errors: kNotFound,
// kAlreadyInstalled, kNotInstalled, kUpToDate, kEngineMismatch, kBreakingChange and kConnectorInUse
// (`data` is the plan), kPlanChanged (likewise), kConnectorBusy (`data.ticket`), kForbidden. After
// an error nothing has changed.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/caller.h"
#include "connectors/catalogues.h"
#include "connectors/selector.h"
#include "updates/operations.h"
#include "updates/planner.h"

namespace patchbay::updates {

// Who asks for what.
struct Wish {
  std::string name;     // the connector
  std::string version;  // empty = the newest that fits this server
  Mode mode = Mode::kStopAll;
  bool confirmed = false;
  std::string token;        // of the plan that was confirmed; empty = not compared
  bool dropsQueue = false;  // inProgressData: delete
  bool stopFlows = false;   // of a removal
  std::string operation;    // to be taken back; empty = the last
  std::string userId, ip;
};

class Lifecycle {
 public:
  struct Parts {
    connectors::Registry& registry;
    const connectors::Catalogues& catalogues;
    const Planner& planner;
    Operations& operations;
  };
  explicit Lifecycle(const Parts& parts) : parts_(parts) {}

  // A dry run. `action`: install, update, remove, rollback.
  base::Result<Plan> plan(const std::string& action, const Wish& wish) const;

  base::Result<Operation> install(const Wish& wish);
  base::Result<Operation> update(const Wish& wish);
  base::Result<Operation> remove(const Wish& wish);
  base::Result<Operation> rollback(const Wish& wish);
  // A revision of the trash becomes the installed one again.
  base::Result<Operation> restore(const std::string& revision, const Wish& wish);
  base::Result<Operation> publish(connectors::Archive archive, const Wish& wish);
  // DELETE /components/:selector: flows run on, and no confirmation is asked for (§7.7).
  base::Result<Operation> removeSelected(const std::string& selector,
                                         const connectors::VendorRights& rights, const Wish& wish);

 private:
  // Where a version comes from: a catalogue, or a revision that is still kept.
  struct Source {
    std::optional<connectors::Offer> offer;
    std::shared_ptr<const connectors::Revision> revision;
    std::string version;
  };
  base::Result<Source> find(const std::string& name, const std::string& version) const;
  base::Result<Target> targetOf(const Source& source) const;
  base::Result<Plan> planFor(Action action, const std::string& name, const Source& source) const;
  base::Result<Operation> begin(Action action, const Wish& wish, const Plan& plan,
                                const Source& source);
  bool stillStands(const Operation& operation) const;
  base::Result<Operation> undoable(const Wish& wish) const;
  base::Status confirmed(const Wish& wish, const Plan& plan, base::Code code) const;
  Operation operationOf(Action action, const Wish& wish) const;

  Parts parts_;
};

}  // namespace patchbay::updates
