// Puts npm packages into the folders of a revision (R19).
//
// Threads: install blocks; from any thread but the executor's. Several at once are fine.
// Errors: kBundleRefused with the folder and npm's last lines; kDeadline when npm took too long.
// `target` then holds no node_modules. A package that the registry says it does not have is no
// error: it is left out, with a warning (ADR 60).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/npm.h"
#include "connectors/package_plan.h"

namespace patchbay::connectors {

class PackageInstaller {
 public:
  virtual ~PackageInstaller() = default;
  // Makes target/node_modules, and gives warnings of what is not in it. `scratch` does not exist
  // yet and is on the same file system; it is removed.
  virtual base::Result<std::vector<std::string>> install(const PackagePlan& plan,
                                                         const std::filesystem::path& target,
                                                         const std::filesystem::path& scratch) = 0;
  // Ends what runs; later calls fail at once. For the server's stop.
  virtual void stop() = 0;
};

class NpmInstaller : public PackageInstaller {
 public:
  NpmInstaller(NpmOptions options, base::Spawner& spawner) : npm_(std::move(options), spawner) {}
  base::Result<std::vector<std::string>> install(const PackagePlan& plan,
                                                 const std::filesystem::path& target,
                                                 const std::filesystem::path& scratch) override;
  void stop() override { npm_.stop(); }

 private:
  base::Result<std::vector<std::string>> installInto(const PackagePlan& plan,
                                                     const std::filesystem::path& target,
                                                     const std::filesystem::path& scratch);
  base::Result<NpmEnding> installAll(const PackagePlan& plan, const std::filesystem::path& scratch);
  base::Result<std::vector<std::string>> findMissing(const PackagePlan& plan,
                                                     const std::filesystem::path& scratch);

  Npm npm_;
};

}  // namespace patchbay::connectors
