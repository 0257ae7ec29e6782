// What a revision's folder holds: components, apps, auth modules, quota rules, folders with npm
// dependencies.
//
// Threads: free functions. Nothing is run; what the code of it does is the Inspector's.
// Errors: kBundleRefused with the faults of the manifest in `data`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/file_tree.h"
#include "connectors/revision.h"

namespace patchbay::connectors {

struct RevisionContents {
  std::vector<Component> components;  // by name; a missing code file is a loadError
  std::vector<App> apps;
  std::map<std::string, std::string> auths;   // vendor:service[:module] → folder
  std::map<std::string, std::string> quotas;  // same
  std::vector<std::string> packageFolders;    // with a package.json, node_modules left out
  boost::json::value bundleManifest;
};

// `files` as published, `bundle` its dotted name.
base::Result<RevisionContents> scanRevision(const TreeFiles& files, const std::string& bundle);

}  // namespace patchbay::connectors
