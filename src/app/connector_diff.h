// patchbay connector diff OLD NEW: what changed between two bundles as flows see it, offline
// (docs/formats/contract_diff.md).
//
// Exit codes: 0 nothing breaking, 10 breaking changes, 2 not readable.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace patchbay::app {

struct DiffOrder {
  std::filesystem::path before, after;  // zip or folder
  bool json = false;
};

int connectorDiff(const DiffOrder& order, std::ostream& out, std::ostream& errors);

}  // namespace patchbay::app
