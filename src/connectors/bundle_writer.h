// Makes a zip of files in memory: what a download answers, and what tests publish.
//
// Threads: free functions. Entries have fixed times, so equal files make equal archives.
#pragma once

#include <string>

#include "base/result.h"
#include "connectors/file_tree.h"

namespace patchbay::connectors {

// kTooLarge when the files are larger than `maxBytes` together.
base::Result<std::string> writeZip(const TreeFiles& files, std::uint64_t maxBytes);
base::Result<std::string> writeZip(const std::map<std::string, std::string>& contents);

}  // namespace patchbay::connectors
