// One run of npm in a folder of its own, without scripts, git or addresses (R19).
//
// Threads: run blocks; from any thread but the executor's. Several at once are fine.
// Errors: kDeadline when npm took too long or the server stops, kUnavailable when it could not be started. npm's own failure is an ending.
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

struct NpmOptions {
  std::filesystem::path node;    // the Node binary
  std::filesystem::path npmCli;  // …/npm/bin/npm-cli.js
  std::filesystem::path cache;   // <data>/npm-cache
  base::Millis patience{10 * 60 * 1000};
};

enum class NpmTask { kInstall, kInstallByLock, kResolve };  // kResolve looks packages up, and fetches none

struct NpmEnding {
  bool isGood = false;
  bool isMissing = false;  // it failed for want of a package that cannot be had
  std::string lastLines;   // of its output, for people
};

class Npm {
 public:
  Npm(NpmOptions options, base::Spawner& spawner)
      : options_(std::move(options)), spawner_(spawner) {}

  // `scratch` is emptied first and holds the outcome.
  base::Result<NpmEnding> run(const PackagePlan& plan, const std::filesystem::path& scratch, NpmTask task);
  // Ends what runs; later runs fail at once.
  void stop() { stopped_ = true; }

 private:
  struct Run;
  class Tail;
  static std::vector<std::string> environmentFrom(const char* const* environment, const NpmOptions& options);
  static bool drain(int pipe, Tail& tail);
  std::vector<std::string> command(NpmTask task) const;
  std::optional<int> follow(const base::Process& process, Run& run, Tail& tail);
  base::Error tookTooLong(const PackagePlan& plan) const;

  NpmOptions options_;
  base::Spawner& spawner_;
  std::atomic<bool> stopped_{false};
};

}  // namespace patchbay::connectors
