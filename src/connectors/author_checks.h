// What a server would take and its users would not like: told to the author while he packs.
//
// Threads: free functions.
#pragma once

#include <string>
#include <vector>

#include "connectors/revision_scan.h"
#include "connectors/source_bundle.h"

namespace patchbay::connectors {

struct AuthorWarning {
  std::filesystem::path file;
  std::string message;
};

std::vector<AuthorWarning> authorWarnings(const SourceBundle& bundle,
                                          const RevisionContents& contents);

}  // namespace patchbay::connectors
