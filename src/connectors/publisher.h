// Publishing a zip behind a ticket: read → stage → manifests → npm → probation load → switch
// (rest-api §7.4, §7.5).
//
// Threads: publish and ticket from any thread but the engine loop's; the work runs on threads of
// the publisher. At most one operation at a time per service. Delivery: atomic; whatever fails,
// nothing of the archive is visible and its staging folder is gone. A ticket that a stop of the
// server cut off is failed by the next InstalledBundles::load. Ownership: the destructor ends what
// runs (an operation past its switch finishes) and leaves waiting tickets to the next load.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "connectors/bundle_composition.h"
#include "connectors/bundle_reader.h"
#include "connectors/installed_bundles.h"
#include "connectors/registry.h"
#include "connectors/revision_maker.h"
#include "store/store.h"

namespace patchbay::connectors {

// Whose bundles a user may publish, download and remove.
struct VendorRights {
  bool all = false;  // administrators
  std::vector<std::string> vendors;
  bool owns(std::string_view vendor) const;
  base::Status check(std::string_view vendor) const;  // kForbidden names it
};

struct PublishOrder {
  std::string archive;
  std::string userId;
  VendorRights rights;
  bool replaceAll = false;
  ZipLimits limits;
};

class Publisher {
 public:
  struct Parts {
    store::Store& store;
    Registry& registry;
    InstalledBundles& bundles;
    PackageInstaller& packages;
    Inspector& inspector;
    const base::Clock& clock;
    base::Random& random;
  };
  explicit Publisher(const Parts& parts);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // The ticket. At once: kBundleRefused (no zip, empty), kTooLarge, kForbidden (a vendor that is
  // not theirs), kTooMany.
  base::Result<std::string> publish(PublishOrder order);
  // What GET /components/uploader/:ticket answers. kNotFound, also for a stranger's ticket.
  base::Result<boost::json::object> ticket(const std::string& ticket, const std::string& userId,
                                           bool isAdmin) const;

 private:
  struct Job {
    std::string ticket;
    PublishOrder order;
    base::Time created;
  };

  void work();
  void run(const Job& job);
  base::Status install(const Job& job, const std::filesystem::path& staging);
  base::Status installLaidOut(const Job& job, const Layout& layout,
                              const std::filesystem::path& staging);
  base::Status checkPlan(const std::vector<StagedRevision>& fresh) const;
  store::OperationRecord recordOf(const Job& job, std::string_view status,
                                  const boost::json::object& document) const;
  void noteStep(const std::string& ticket, int done);

  Parts parts_;
  RevisionMaker maker_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<Job> jobs_;              // under mutex_
  std::map<std::string, int> steps_;  // under mutex_: ticket in work → steps done
  std::vector<std::thread> threads_;
};

}  // namespace patchbay::connectors
