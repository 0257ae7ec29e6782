// Where the files of a published archive belong: below <vendor>/<service>/…, whatever the zip's own
// top folder was.
//
// Threads: free functions.
// Errors: kBundleRefused; `data` holds the faults of a manifest (rest-api §7.5).
// Source of the format: docs/formats/bundle.md §2.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {

struct Layout {
  std::map<std::string, std::string> files;  // path from the vendor down → name in the archive
  std::map<std::string, BundleManifest> bundles;  // folder ("acme/invoices") → its bundle.json
  std::set<std::string> services;                 // "acme/invoices"
  std::set<std::string> vendors;
  std::vector<std::string> warnings;
};

using ReadEntry = std::function<base::Result<std::string>(const std::string& name)>;

// `names`: the files of the archive, no folders.
base::Result<Layout> layOut(const std::vector<std::string>& names, const ReadEntry& read);

std::string folderOf(std::string_view path);  // "" at the top
std::string fileOf(std::string_view path);
std::string dottedToPath(std::string_view dotted);  // acme.invoices → acme/invoices
std::string pathToDotted(std::string_view path);
std::vector<std::string> pathParts(std::string_view path);
bool isBelow(std::string_view path, std::string_view folder);  // or the folder itself
bool isInNodeModules(std::string_view path);
// The refusal of one manifest: "Invalid schema for <path>", faults in `data`.
base::Error manifestRefusal(const std::string& path, const std::vector<Fault>& faults);

}  // namespace patchbay::connectors
