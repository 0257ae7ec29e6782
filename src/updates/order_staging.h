// Makes ready what an operation is to make current: an archive, revisions that are kept, or what a
// removal leaves. Nothing of it is visible yet.
//
// Threads: those of operations; blocks, also until no other operation works on the same services.
// Errors: as connectors::Stager; kNotFound a revision that is no longer kept; kUnavailable and
// kConflict as Progress. What a failure leaves is in the staging folder, which the caller removes.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "connectors/selector.h"
#include "connectors/stager.h"
#include "updates/progress.h"

namespace patchbay::updates {

// One of the three. It is not stored: an operation that is cut off before its switch is taken back.
struct Order {
  std::function<base::Result<connectors::Archive>()> archive;  // read when it is its turn
  std::size_t heldBytes = 0;                                   // of memory until then
  std::map<std::string, std::string> revisions;  // bundle → a known revision; empty = none
  std::optional<connectors::Selector> selector;  // removed
};

struct Ready {
  connectors::Activation activation;
  std::optional<connectors::InstalledBundles::Claim> claimed;  // until the operation has ended
  connectors::VendorRights rights{true, {}};                   // of who published
};

class OrderStaging {
 public:
  OrderStaging(connectors::Registry& registry, connectors::InstalledBundles& bundles,
               connectors::RevisionMaker& maker, Progress& progress)
      : registry_(registry),
        bundles_(bundles),
        maker_(maker),
        stager_(registry, maker),
        progress_(progress) {}

  // Fills in what the operation did not know of itself: names, versions, revisions before and
  // after.
  base::Status run(Operation& operation, const Order& order, const std::filesystem::path& staging,
                   Ready& ready);
  // Whoever waits for another operation gives up.
  void stop() { stopped_ = true; }

 private:
  base::Status stageArchive(Operation& operation, const Order& order,
                            const std::filesystem::path& staging, Ready& ready);
  base::Status stageRemoval(const Operation& operation, const connectors::Selector& selector,
                            const std::filesystem::path& staging, Ready& ready);
  base::Status takeRevisions(const Operation& operation, const Order& order, Ready& ready);
  base::Status claim(const Operation& operation, const std::set<std::string>& services,
                     Ready& ready);
  void noteArchive(Operation& operation, connectors::Staged& staged) const;
  void noteRevisions(Operation& operation, const Ready& ready) const;

  connectors::Registry& registry_;
  connectors::InstalledBundles& bundles_;
  connectors::RevisionMaker& maker_;
  connectors::Stager stager_;
  Progress& progress_;
  std::atomic<bool> stopped_{false};
};

}  // namespace patchbay::updates
