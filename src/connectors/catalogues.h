// What all catalogue folders offer together (R20).
//
// Threads: safe from any thread. refresh() reads files and blocks; one at a time, the others wait.
// Answers are immutable and stay valid while held. Errors: a folder that cannot be read keeps what
// it last gave, and error() says why; it never takes the others down.
// Source of the format: docs/formats/catalogue.md.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/catalogue.h"

namespace patchbay::connectors {

class Catalogues {
 public:
  // Folders in order of preference, absolute. A place that is an https:// address may stand among
  // them: it offers nothing yet and is named by error(). Nothing is read before refresh().
  explicit Catalogues(std::vector<std::filesystem::path> folders);

  // What the next refresh reads. A folder that is no longer named offers nothing after it.
  void setFolders(std::vector<std::filesystem::path> folders);
  // Reads all folders anew. kUnavailable: folders are named and not one of them could be read;
  // what was on offer stays.
  base::Status refresh();

  // By name, newest version first. Of the same name and version, the first folder's. Never null.
  std::shared_ptr<const Catalogue> offers() const;
  // Empty version: the newest whose engine range takes this server.
  std::optional<Offer> find(std::string_view name, std::string_view version) const;
  // Why folders could not be read, a line each; empty = all were.
  std::string error() const;

 private:
  struct Source {
    std::filesystem::path folder;
    Catalogue last;     // what it gave when it could last be read
    std::string error;  // of the last reading; empty = it was read
  };
  static Source readSource(const std::filesystem::path& folder, const std::vector<Source>& known);
  static Catalogue merge(const std::vector<Source>& sources);

  std::mutex refreshing_;        // outermost; guards sources_
  std::vector<Source> sources_;  // as last read
  mutable std::mutex mutex_;     // guards all below
  std::vector<std::filesystem::path> folders_;
  std::shared_ptr<const Catalogue> offers_;
  std::string error_;
};

// A place as CONNECTOR_CATALOGUE_URL names it: file:// becomes its path, all else stays as it is.
std::filesystem::path catalogueFolder(std::string_view place);

}  // namespace patchbay::connectors
