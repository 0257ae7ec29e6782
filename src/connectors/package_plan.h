// What npm is asked to install for one package.json of a bundle: a document of our own making, with
// nothing in it that reaches past the registry.
//
// Threads: free functions.
// Errors: kBundleRefused names the folder and the dependency.
// Source of the format: docs/formats/bundle.md §6.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace patchbay::connectors {

struct PackagePlan {
  std::string folder;               // below the revision's root
  std::string document;             // the package.json that npm reads; empty = nothing to install
  std::optional<std::string> lock;  // the package-lock.json that npm reads
  std::vector<std::string> warnings;
};

base::Result<PackagePlan> planPackage(std::string_view folder, std::string_view packageJson,
                                      const std::optional<std::string>& packageLock);

// The packages that have to be there: those of a planned document's `dependencies` and
// `peerDependencies`.
std::vector<std::string> requiredPackages(const PackagePlan& plan);
// The plan cut down to one of them, and the plan without some of them. Neither has a lock.
PackagePlan planOnly(const PackagePlan& plan, const std::string& package);
PackagePlan planWithout(const PackagePlan& plan, const std::vector<std::string>& packages);

}  // namespace patchbay::connectors
