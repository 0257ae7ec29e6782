// Which installed files a selector names: vendor.service[.module[.Component]][/file…] (rest-api
// §7.6, §7.7).
//
// Threads: free functions.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/file_tree.h"
#include "connectors/stager.h"
#include "connectors/registry.h"

namespace patchbay::connectors {

struct Selector {
  std::string dotted;  // two to four parts
  std::vector<std::string> parts;
  std::string file;  // below the folder; empty = all of it

  std::string service() const { return parts[0] + "/" + parts[1]; }
  // kInvalid names the form.
  static base::Result<Selector> parse(std::string_view text);
  // Is a dotted name the selected one or below it?
  bool covers(std::string_view name) const;
};

// The published files it names, laid out so that they can be published again; the newest revision
// wins. May be empty.
TreeFiles selectFiles(const Registry& registry, const Selector& selector);

// A zip of them. kForbidden, kNotFound, kTooLarge.
base::Result<std::string> downloadZip(const Registry& registry, std::string_view selector,
                                      const VendorRights& rights);

// What a removal means for one bundle: all of it, or these folders.
struct Cut {
  std::shared_ptr<const Revision> revision;
  bool whole = false;
  std::vector<std::string> folders;
};
std::vector<Cut> cutsOf(const Registry& registry, const Selector& selector);

// What makes these cuts; parts of a bundle become a new revision without them (R11), in `staging`.
base::Result<Activation> stageCuts(const Registry& registry, RevisionMaker& maker,
                                   const std::vector<Cut>& cuts,
                                   const std::filesystem::path& staging);

}  // namespace patchbay::connectors
