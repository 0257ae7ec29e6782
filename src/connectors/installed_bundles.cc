#include "connectors/installed_bundles.h"

#include "base/log.h"
#include "connectors/revision_document.h"
#include "store/bundles.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kStaging = ".staging";
constexpr std::chrono::milliseconds kLookAgain{200};

std::vector<fs::path> foldersIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (auto at = fs::directory_iterator(folder, failure);
       !failure && at != fs::directory_iterator(); at.increment(failure)) {
    found.push_back(at->path());
  }
  return found;
}

}  // namespace

InstalledBundles::InstalledBundles(store::Store& store, Registry& registry,
                                   const base::Clock& clock, const fs::path& data)
    : store_(store),
      registry_(registry),
      clock_(clock),
      bundles_(data / "bundles"),
      staging_(bundles_ / kStaging) {}

base::Status InstalledBundles::load() {
  std::vector<store::RevisionRecord> records;
  if (auto status = store_.read([&](store::Transaction& rows) { records = rows.bundles().all(); });
      !status) {
    return status;
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.installedAt < b.installedAt; });
  for (const auto& record : records) {
    auto revision = fromRecord(record, bundles_);
    if (!revision) {
      return revision.error();
    }
    registry_.add(std::move(revision).value());
    if (record.current) {
      registry_.setCurrent(record.id);
    }
  }
  sweep();
  return {};
}

void InstalledBundles::sweep() {
  removeTree(staging_);
  std::error_code failure;
  fs::create_directories(staging_, failure);
  for (const fs::path& bundle : foldersIn(bundles_)) {
    if (bundle.filename() == kStaging) {
      continue;
    }
    for (const fs::path& revision : foldersIn(bundle)) {
      if (!registry_.byId(revision.lexically_relative(bundles_).generic_string())) {
        removeTree(revision);
      }
    }
  }
}

base::Status InstalledBundles::moveIntoPlace(const std::vector<StagedRevision>& fresh) {
  for (const StagedRevision& staged : fresh) {
    std::error_code failure;
    fs::create_directories(staged.revision->root.parent_path(), failure);
    removeTree(staged.revision->root);  // a leftover that no row names
    fs::rename(staged.folder, staged.revision->root, failure);
    if (failure) {
      return base::fail(base::Code::kInternal, staged.revision->id +
                                                   " could not be moved into place: " +
                                                   failure.message() + ". Nothing was installed.");
    }
  }
  return fresh.empty() ? base::Status() : syncFolder(bundles_);
}

base::Status InstalledBundles::activate(Activation activation) {
  const std::int64_t now = base::toMillis(clock_.now());
  auto status = moveIntoPlace(activation.fresh);
  if (status) {
    std::vector<store::RevisionRecord> records;
    for (const StagedRevision& staged : activation.fresh) {
      staged.revision->installedAt = now;
      records.push_back(toRecord(*staged.revision));
    }
    std::vector<std::pair<std::string, std::string>> known;
    for (const std::string& id : activation.known) {
      known.emplace_back(registry_.byId(id)->bundle, id);
    }
    status = store_.write([&](store::Transaction& rows) -> base::Status {
      for (const auto& record : records) {
        rows.bundles().insert(record);
        rows.bundles().setCurrent(record.bundle, record.id, now);
      }
      for (const auto& [bundle, id] : known) {
        rows.bundles().setCurrent(bundle, id, now);
      }
      for (const std::string& bundle : activation.removed) {
        rows.bundles().clearCurrent(bundle, now);
      }
      return activation.also ? activation.also(rows) : base::Status();
    });
  }
  if (!status) {
    for (const StagedRevision& staged : activation.fresh) {
      std::error_code failure;
      fs::rename(staged.revision->root, staged.folder, failure);
      removeTree(staged.revision->root);
    }
    return status;
  }
  for (const StagedRevision& staged : activation.fresh) {
    registry_.add(staged.revision);
    registry_.setCurrent(staged.revision->id);
  }
  for (const std::string& id : activation.known) {
    registry_.setCurrent(id);
  }
  for (const std::string& bundle : activation.removed) {
    registry_.clearCurrent(bundle);
  }
  return {};
}

base::Status InstalledBundles::erase(const std::string& revision) {
  const auto known = registry_.byId(revision);
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    const auto row = rows.bundles().byId(revision);
    if (row && row->current) {
      return base::fail(base::Code::kConflict, "Revision " + revision + " is in use.");
    }
    rows.bundles().erase(revision);
    return {};
  });
  if (status && known) {
    registry_.drop(revision);
    removeTree(known->root);
  }
  return status;
}

bool InstalledBundles::takeServices(const std::set<std::string>& services) {
  for (const std::string& service : services) {
    if (busy_.contains(service)) {
      return false;
    }
  }
  busy_.insert(services.begin(), services.end());
  return true;
}

std::optional<InstalledBundles::Claim> InstalledBundles::tryClaim(
    const std::set<std::string>& services) {
  const std::lock_guard lock(mutex_);
  return takeServices(services) ? std::optional<Claim>(std::in_place, *this, services)
                                : std::nullopt;
}

std::optional<InstalledBundles::Claim> InstalledBundles::claim(
    const std::set<std::string>& services, const std::atomic<bool>& stopped) {
  std::unique_lock lock(mutex_);
  while (!stopped) {
    if (takeServices(services)) {
      return std::optional<Claim>(std::in_place, *this, services);
    }
    released_.wait_for(lock, kLookAgain);
  }
  return std::nullopt;
}

InstalledBundles::Claim::~Claim() {
  if (bundles_) {
    const std::lock_guard lock(bundles_->mutex_);
    for (const std::string& service : services_) {
      bundles_->busy_.erase(service);
    }
    bundles_->released_.notify_all();
  }
}

}  // namespace patchbay::connectors
