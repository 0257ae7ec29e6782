// Revisions that are not current any more: kept for 30 days, and for as long as a flow is pinned to
// them (R14).
//
// Threads: safe from any thread but the engine loop's and the commit thread; empty() blocks on
// commits. Configuration, accounts and rules of a removed connector are kept where they are.
#pragma once

#include <boost/json.hpp>

#include "base/clock.h"
#include "connectors/installed_bundles.h"
#include "connectors/registry.h"
#include "store/store.h"

namespace patchbay::updates {

class Trash {
 public:
  struct Parts {
    store::Store& store;
    const connectors::Registry& registry;
    connectors::InstalledBundles& bundles;
    const base::Clock& clock;
  };
  explicit Trash(const Parts& parts) : parts_(parts) {}

  // {id, name, version, installedAt, trashedAt, keptUntil, pinnedFlows}, newest first.
  boost::json::array list() const;
  // Removes what is older than 30 days and pinned by no flow, with its folder; and operations that
  // ended as long ago, but the last of each connector.
  void empty();

 private:
  Parts parts_;
};

}  // namespace patchbay::updates
