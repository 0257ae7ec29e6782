// patchbay catalogue build --from DIR --out DIR: makes a catalogue folder of a tree of connectors,
// or adds its new versions to one (docs/formats/catalogue.md §3).
//
// Exit codes: 0 all bundles are in the catalogue, 10 some were left out, 2 nothing could be read or
// written. The time in the index is SOURCE_DATE_EPOCH (seconds) where that is set.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace patchbay::app {

struct CatalogueBuildOrder {
  std::filesystem::path from, out;
  bool strict = false;
  bool json = false;
};

int catalogueBuild(const CatalogueBuildOrder& order, std::ostream& out, std::ostream& errors);

}  // namespace patchbay::app
