// Makes a catalogue folder of a source tree, or adds a tree's new versions to one: a zip per bundle
// as a server takes it, and the index (docs/formats/catalogue.md §3).
//
// Threads: a free function; it reads and writes files and blocks. One build of a folder at a time.
// Errors: kNotFound, kInvalid (an index that cannot be read), kDiskFull, kInternal; the folder's
// index is as it was then. A bundle that cannot be packed is no error: it is left out and told.
// Delivery: every file takes its name when it is whole, the index last. Equal trees give equal
// bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "connectors/author_checks.h"

namespace patchbay::connectors {

struct CatalogueOrder {
  std::filesystem::path from, out;
  base::Time generated;  // what the index says when it changes
  bool strict = false;   // a bundle with a warning is left out
};

struct CatalogueReport {
  struct Row {
    std::string name, version, file;
    std::uint64_t size = 0;
    std::size_t components = 0;
  };
  std::vector<Row> packed;  // new in the index
  std::vector<Row> kept;    // stood in it already
  std::vector<AuthorWarning> leftOut, warnings;
};

base::Result<CatalogueReport> buildCatalogue(const CatalogueOrder& order);

}  // namespace patchbay::connectors
