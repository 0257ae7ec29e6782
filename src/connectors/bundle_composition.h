// Which revisions an archive makes, and of which files: the archive laid over what is installed
// (R11).
//
// Threads: free functions over immutable input.
// Source of the format: docs/formats/bundle.md §5.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/bundle_layout.h"
#include "connectors/file_tree.h"
#include "connectors/revision.h"

namespace patchbay::connectors {

// A revision to be: not yet checked, nothing of it written.
struct Candidate {
  std::string bundle;  // "acme.invoices"
  std::string folder;  // "acme/invoices"
  std::string version;
  TreeFiles files;                           // as published, without what npm installs
  std::string hash;                          // of `files`
  std::shared_ptr<const Revision> previous;  // current one of the bundle

  std::string id() const { return bundle + "/" + version + "-" + hash.substr(0, 8); }
};

using Installed = std::vector<std::shared_ptr<const Revision>>;  // current ones

// `unpacked` holds the archive as it was, `layout` says what goes where. kBundleRefused when a file
// has no bundle.
base::Result<std::vector<Candidate>> compose(const Layout& layout,
                                             const std::filesystem::path& unpacked,
                                             const Installed& installed, bool replaceAll);

// The revision without some of its folders ("acme/invoices/core/Old"); nothing when no component is
// left.
base::Result<std::optional<Candidate>> without(const std::shared_ptr<const Revision>& revision,
                                               const std::vector<std::string>& folders);

// Published files of a revision; those of the service around a module bundle are serviceFiles.
TreeFiles publishedFiles(const Revision& revision);
TreeFiles serviceFiles(const Revision& revision);

}  // namespace patchbay::connectors
