// From an archive to revisions that stand ready but invisible: read → lay out → compose → npm →
// probation load (rest-api §7.4, §7.5). Making them current is InstalledBundles::activate.
//
// Threads: any but the engine loop's; every call blocks. Errors: kBundleRefused, kTooLarge,
// kForbidden (a vendor that is not theirs), kEngineMismatch, kUnavailable (`stopped` became true),
// kDiskFull, … Whatever fails: nothing of the archive is visible, and what it left is in the
// staging folder, which the caller removes.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "connectors/bundle_composition.h"
#include "connectors/bundle_layout.h"
#include "connectors/bundle_reader.h"
#include "connectors/installed_bundles.h"
#include "connectors/registry.h"
#include "connectors/revision_maker.h"

namespace patchbay::connectors {

// Whose bundles a user may publish, download and remove.
struct VendorRights {
  bool all = false;  // administrators
  std::vector<std::string> vendors;
  bool owns(std::string_view vendor) const;
  base::Status check(std::string_view vendor) const;  // kForbidden names it
};

struct Archive {
  std::string bytes;
  VendorRights rights;
  ZipLimits limits;
  bool replaceAll = false;  // the bundles in it are replaced, not merged with what is installed
};

struct Staged {
  Activation activation;
  std::vector<std::pair<std::string, std::string>> bundles;  // name, version: all in the archive
  std::vector<std::string> warnings;
};

// A folder of its own below staging, removed at the end.
class StagingFolder {
 public:
  explicit StagingFolder(std::filesystem::path folder);
  ~StagingFolder();
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

class Stager {
 public:
  Stager(Registry& registry, RevisionMaker& maker) : registry_(registry), maker_(maker) {}

  // What can be said at once: it is a zip with something in it, within its size, of their vendors.
  static base::Status check(const Archive& archive);

  // Into `staging`; what belongs where. The caller then claims its services.
  base::Result<Layout> unpack(const Archive& archive, const std::filesystem::path& staging);
  // After unpack. `step` hears "dependencies" and "inspect".
  base::Result<Staged> stage(const Layout& layout, bool replaceAll,
                             const std::filesystem::path& staging, const RevisionMaker::Step& step);

 private:
  Registry& registry_;
  RevisionMaker& maker_;
};

}  // namespace patchbay::connectors
