#include "updates/trash.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "store/bundles.h"
#include "store/flows.h"
#include "store/operations.h"

namespace patchbay::updates {

namespace {

constexpr std::int64_t kKeptMillis = 30LL * 24 * 3600 * 1000;

struct Kept {
  store::RevisionRecord revision;
  std::size_t pinned = 0;
};

std::string iso(std::int64_t millis) {
  return base::toIso(base::fromMillis(millis));
}

base::Status readKept(store::Store& store, std::vector<Kept>& kept) {
  return store.read([&](store::Transaction& tx) {
    for (store::RevisionRecord& revision : tx.bundles().all()) {
      if (revision.current) {
        continue;
      }
      const auto pins = tx.flows().pinsOfBundle(revision.bundle);
      const auto pinned = std::count_if(
          pins.begin(), pins.end(), [&](const auto& pin) { return pin.revision == revision.id; });
      kept.push_back({std::move(revision), static_cast<std::size_t>(pinned)});
    }
  });
}

}  // namespace

json::array Trash::list() const {
  std::vector<Kept> kept;
  if (const auto read = readKept(parts_.store, kept); !read) {
    spdlog::error("the trash cannot be read: {}", read.error().message);
  }
  std::stable_sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) {
    return a.revision.trashedAt > b.revision.trashedAt;
  });
  json::array rows;
  for (const auto& [revision, pinned] : kept) {
    rows.push_back(json::object{{"id", revision.id},
                                {"name", revision.bundle},
                                {"version", revision.version},
                                {"installed", parts_.registry.current(revision.bundle) != nullptr},
                                {"installedAt", iso(revision.installedAt)},
                                {"trashedAt", iso(revision.trashedAt)},
                                {"keptUntil", iso(revision.trashedAt + kKeptMillis)},
                                {"pinnedFlows", pinned}});
  }
  return rows;
}

void Trash::empty() {
  const std::int64_t before = base::toMillis(parts_.clock.now()) - kKeptMillis;
  std::vector<Kept> kept;
  base::Status status = readKept(parts_.store, kept);
  for (const auto& [revision, pinned] : kept) {
    if (status && pinned == 0 && revision.trashedAt < before) {
      status = parts_.bundles.erase(revision.id);
    }
  }
  if (status) {
    status = parts_.store.write([before](store::Transaction& tx) {
      tx.operations().eraseFinishedBefore(before);
      return base::Status();
    });
  }
  if (!status) {
    spdlog::error("the trash could not be emptied: {}", status.error().message);
  }
}

}  // namespace patchbay::updates
