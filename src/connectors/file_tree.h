// Folders of bundles on disk: what files they have, their hash, copying them.
//
// Threads: free functions. Only plain files count: links and special files that running code may
// have left in a revision are neither listed nor followed. Errors: kDiskFull, else kInternal,
// naming the file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace patchbay::connectors {

// Path below a revision's root, with '/' → where its bytes are.
using TreeFiles = std::map<std::string, std::filesystem::path>;

// Files below `root`, without `<folder>/node_modules` for each of `generated` ("" = the root
// itself).
TreeFiles listFiles(const std::filesystem::path& root,
                    const std::vector<std::string>& generated = {});

// SHA-256 over sorted paths and contents, in lower-case hex. Frozen: it names revisions.
base::Result<std::string> hashFiles(const TreeFiles& files);
std::string sha256Hex(std::string_view bytes);

base::Result<std::string> readFile(const std::filesystem::path& file, std::size_t maxBytes);
// Replaces the file.
base::Status writeFile(const std::filesystem::path& file, std::string_view bytes);
// Copies to `root`, which must not exist.
base::Status copyFiles(const TreeFiles& files, const std::filesystem::path& root);
// A second tree of the same files (hard links where possible; symbolic links stay what they are).
base::Status linkTree(const std::filesystem::path& from, const std::filesystem::path& to);
// Everything written to the file system of `folder` so far is durable.
base::Status syncFolder(const std::filesystem::path& folder);
// Removes what is there, errors are only logged.
void removeTree(const std::filesystem::path& folder);

}  // namespace patchbay::connectors
