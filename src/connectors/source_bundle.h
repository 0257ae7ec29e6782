// Bundles in a source tree, as their authors keep them: which folders are one, and which of their
// files travel (docs/formats/catalogue.md §3).
//
// Threads: free functions; they read files and block. Links are not followed. Errors: kNotFound,
// kTooLarge, kBundleRefused. Nothing is written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/file_tree.h"

namespace patchbay::connectors {

struct SourceBundle {
  std::filesystem::path folder;
  std::string name;          // of bundle.json
  TreeFiles files;           // path from the vendor down → where it is
  bool isInItsPlace = true;  // its folder ends in its name
};

// Folders with a bundle.json, sorted.
base::Result<std::vector<std::filesystem::path>> findSourceBundles(
    const std::filesystem::path& tree);
// A module brings the files of its service along, without those of other modules.
base::Result<SourceBundle> readSourceBundle(const std::filesystem::path& folder);

}  // namespace patchbay::connectors
