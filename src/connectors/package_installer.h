// Puts npm packages into the folders of a revision (R19).
//
// Threads: install blocks; from any thread but the executor's. Several at once are fine.
// Errors: kBundleRefused with the folder and npm's last lines; kDeadline when npm took too long.
// `target` then holds no node_modules. A package that the registry says it does not have is no
// error: it is left out, with a warning (ADR 60).
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/process.h"
#include "base/result.h"
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

struct NpmOptions {
  std::filesystem::path node;    // the Node binary
  std::filesystem::path npmCli;  // …/npm/bin/npm-cli.js
  std::filesystem::path cache;   // <data>/npm-cache
  base::Millis patience{10 * 60 * 1000};
};

class NpmInstaller : public PackageInstaller {
 public:
  NpmInstaller(NpmOptions options, base::Spawner& spawner)
      : options_(std::move(options)), spawner_(spawner) {}
  base::Result<std::vector<std::string>> install(const PackagePlan& plan,
                                                 const std::filesystem::path& target,
                                                 const std::filesystem::path& scratch) override;
  void stop() override { stopped_ = true; }

  // What npm gets of this process's environment: only what it needs to reach the registry.
  static std::vector<std::string> environmentFrom(const char* const* environment,
                                                  const NpmOptions& options);

 private:
  enum class Task { kInstall, kInstallByLock, kResolve };  // kResolve looks packages up, and fetches none
  struct Run;
  struct Ending;
  class Tail;
  static bool drain(int pipe, Tail& tail);
  std::optional<int> follow(const base::Process& process, Run& run, Tail& tail);
  base::Error tookTooLong(const PackagePlan& plan) const;
  // In a new folder of `plan`.
  base::Result<Ending> runNpm(const PackagePlan& plan, const std::filesystem::path& scratch, Task task);
  base::Result<std::vector<std::string>> installInto(const PackagePlan& plan,
                                                     const std::filesystem::path& target,
                                                     const std::filesystem::path& scratch);
  base::Result<Ending> installAll(const PackagePlan& plan, const std::filesystem::path& scratch);
  base::Result<std::vector<std::string>> findMissing(const PackagePlan& plan,
                                                     const std::filesystem::path& scratch);
  std::vector<std::string> command(Task task) const;

  NpmOptions options_;
  base::Spawner& spawner_;
  std::atomic<bool> stopped_{false};
};

}  // namespace patchbay::connectors
