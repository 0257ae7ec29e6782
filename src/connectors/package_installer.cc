#include "connectors/package_installer.h"

#include "base/log.h"
#include "connectors/file_tree.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

std::string notHad(const PackagePlan& plan, const std::string& package) {
  return plan.folder + ": the registry does not have " + package +
         " in the version asked for, or not all that it needs; what needs it does not load. Ask for "
         "a version that can be had, or ship the package in the bundle's node_modules";
}

}  // namespace

base::Result<NpmEnding> NpmInstaller::installAll(const PackagePlan& plan, const fs::path& scratch) {
  if (plan.lock) {
    auto ending = npm_.run(plan, scratch, NpmTask::kInstallByLock);
    if (!ending || ending->isGood) {
      return ending;
    }
    SPDLOG_INFO("{}: the lock does not fit, installing without it:{}", plan.folder,
                ending->lastLines);
  }
  return npm_.run(plan, scratch, NpmTask::kInstall);
}

// Those of the plan's packages that cannot be had, each looked up by itself: npm's message may name
// what one of them asks for, not the one that asks.
base::Result<std::vector<std::string>> NpmInstaller::findMissing(const PackagePlan& plan,
                                                                 const fs::path& scratch) {
  std::vector<std::string> missing;
  for (const std::string& package : requiredPackages(plan)) {
    const auto ending = npm_.run(planOnly(plan, package), scratch, NpmTask::kResolve);
    if (!ending) {
      return ending.error();
    }
    if (!ending->isGood && ending->isMissing) {
      missing.push_back(package);
    }
  }
  return missing;
}

base::Result<std::vector<std::string>> NpmInstaller::install(const PackagePlan& plan,
                                                             const fs::path& target,
                                                             const fs::path& scratch) {
  auto warnings = installInto(plan, target, scratch);
  removeTree(scratch);
  return warnings;
}

base::Result<std::vector<std::string>> NpmInstaller::installInto(const PackagePlan& plan,
                                                                 const fs::path& target,
                                                                 const fs::path& scratch) {
  std::vector<std::string> warnings;
  auto ending = installAll(plan, scratch);
  if (ending && !ending->isGood && ending->isMissing) {
    const auto missing = findMissing(plan, scratch);
    if (!missing) {
      return missing.error();
    }
    for (const std::string& package : *missing) {
      warnings.push_back(notHad(plan, package));
    }
    ending = npm_.run(planWithout(plan, *missing), scratch, NpmTask::kInstall);
  }
  if (!ending) {
    return ending.error();
  }
  if (!ending->isGood) {
    return base::fail(base::Code::kBundleRefused,
                      "npm could not install the dependencies of " + plan.folder +
                          ". Nothing was installed. Its last lines:" + ending->lastLines);
  }
  if (fs::exists(scratch / "node_modules")) {
    std::error_code failure;
    fs::rename(scratch / "node_modules", target / "node_modules", failure);
    if (failure) {
      return base::fail(base::Code::kInternal,
                        plan.folder + "/node_modules could not be moved: " + failure.message());
    }
  }
  return warnings;
}

}  // namespace patchbay::connectors
