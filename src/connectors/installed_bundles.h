// The installed bundles as folders, rows and registry at once: loading them at start, switching
// what is current.
//
// Threads: load before anything else; activate and the rest from any thread but the commit thread
// and the engine loop. Delivery: activate is atomic: after a crash either all of it is installed or
// nothing; leftovers go at the next load.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "connectors/registry.h"
#include "connectors/revision_maker.h"
#include "store/store.h"

namespace patchbay::connectors {

// What one operation switches.
struct Activation {
  std::vector<StagedRevision> fresh;  // moved into place, then current
  std::vector<std::string> known;     // revisions that stand already and become current
  std::vector<std::string> removed;   // bundles without a current revision afterwards
  store::Unit also;  // in the same commit; its failure is the whole's
};

class InstalledBundles {
 public:
  InstalledBundles(store::Store& store, Registry& registry, const base::Clock& clock,
                   const std::filesystem::path& data);

  // Reads all rows into the registry, removes folders that no row names. Starts no worker.
  base::Status load();
  // A fresh folder below staging; the caller removes it.
  std::filesystem::path stagingFolder(const std::string& name) const { return staging_ / name; }
  const std::filesystem::path& folder() const { return bundles_; }

  // On failure nothing is current that was not, and fresh revisions stand in their staging folders
  // again.
  base::Status activate(Activation activation);
  // A revision that is not current goes for good, with its folder.
  base::Status erase(const std::string& revision);

  // Services ("acme/invoices") that an operation works on: one operation at a time for each.
  class Claim {
   public:
    Claim(InstalledBundles& bundles, std::set<std::string> services)
        : bundles_(&bundles), services_(std::move(services)) {}
    Claim(Claim&& other) noexcept
        : bundles_(std::exchange(other.bundles_, nullptr)), services_(std::move(other.services_)) {}
    ~Claim();

   private:
    InstalledBundles* bundles_;
    std::set<std::string> services_;
  };
  std::optional<Claim> tryClaim(const std::set<std::string>& services);
  // Waits; nothing when `stopped` became true.
  std::optional<Claim> claim(const std::set<std::string>& services,
                             const std::atomic<bool>& stopped);

 private:
  bool takeServices(const std::set<std::string>& services);  // under mutex_
  base::Status moveIntoPlace(const std::vector<StagedRevision>& fresh);
  void sweep();

  store::Store& store_;
  Registry& registry_;
  const base::Clock& clock_;
  std::filesystem::path bundles_;
  std::filesystem::path staging_;
  std::mutex mutex_;
  std::condition_variable released_;
  std::set<std::string> busy_;  // under mutex_
};

}  // namespace patchbay::connectors
