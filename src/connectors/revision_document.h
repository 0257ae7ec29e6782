// A revision as the store keeps it (RevisionRecord.document) and back. No manifest is read from
// disk at start.
//
// Frozen: documents of older servers are read. Threads: free functions.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "connectors/revision.h"
#include "store/bundles.h"

namespace patchbay::connectors {

store::RevisionRecord toRecord(const Revision& revision);
// `bundles`: the folder that holds <bundle>/<version>-<hash8>. kInternal when the document cannot
// be read.
base::Result<std::shared_ptr<Revision>> fromRecord(const store::RevisionRecord& record,
                                                   const std::filesystem::path& bundles);

}  // namespace patchbay::connectors
