// One flow goes over to the installed version of a connector, by its owner's wish (R13, R21, R26):
// the prepared edits are applied, and it is no longer pinned to an older version.
//
// Threads: any but the engine loop's and the commit thread; blocks while the flow stops and starts.
// Errors: as Flows; kNotInstalled; kConflict with what is left to be done in `data`: a running flow
// is not stopped for a version that it could not run with. After an error it runs as before.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "access/caller.h"
#include "connectors/registry.h"
#include "engine/engine.h"
#include "flows/flows.h"
#include "updates/operations.h"
#include "updates/plan.h"

namespace patchbay::updates {

class FlowUpgrade {
 public:
  struct Parts {
    store::Store& store;
    const connectors::Registry& registry;
    flows::Flows& flows;
    engine::Engine& engine;
    const Operations& operations;
    const access::Acl& acl;
  };
  explicit FlowUpgrade(const Parts& parts) : parts_(parts) {}

  // {flowId, connector, from, to, applied: [change], remaining: [change], flow}. `dryRun`: nothing
  // is changed.
  base::Result<boost::json::object> run(const access::Caller& caller, const std::string& flowId,
                                        const std::string& connector, bool dryRun);

 private:
  struct Work;
  base::Result<std::string> revisionBefore(const std::string& flowId, const std::string& connector);
  base::Status examine(Work& work, const access::Caller& caller);
  base::Status apply(Work& work, const access::Caller& caller);
  base::Status unpin(const std::string& flowId, const std::string& connector);

  Parts parts_;
};

}  // namespace patchbay::updates
