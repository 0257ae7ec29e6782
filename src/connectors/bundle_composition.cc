#include "connectors/bundle_composition.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "connectors/entry_name.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFirstVersion = "1.0.0";

bool isModuleBundle(const std::string& bundle) {
  return nameParts(bundle).size() == 3;
}

void overlay(TreeFiles& below, const TreeFiles& above) {
  for (const auto& [path, source] : above) {
    below[path] = source;
  }
}

void removeBelow(TreeFiles& files, const std::string& folder) {
  std::erase_if(files, [&folder](const auto& file) { return isBelow(file.first, folder); });
}

// What the archive has of one service, sorted by who owns it.
struct Share {
  std::map<std::string, TreeFiles> ofBundles;    // folder of a bundle.json in the archive
  std::map<std::string, TreeFiles> ofInstalled;  // folder of an installed module bundle
  TreeFiles loose;                               // the rest
  bool looseHasComponents = false;
};

class ServiceComposition {
 public:
  ServiceComposition(const Layout& layout, const fs::path& unpacked, std::string service,
                     const Installed& installed, bool replaceAll)
      : layout_(layout),
        unpacked_(unpacked),
        service_(std::move(service)),
        replaceAll_(replaceAll) {
    for (const auto& revision : installed) {
      if (isBelow(dottedToPath(revision->bundle), service_)) {
        installed_[dottedToPath(revision->bundle)] = revision;
      }
    }
  }

  base::Result<std::vector<Candidate>> run() {
    divide();
    for (const auto& [folder, files] : share_.ofBundles) {
      addBundle(folder, files);
    }
    for (const auto& [folder, files] : share_.ofInstalled) {
      TreeFiles all = files;
      overlay(all, share_.loose);
      joinInstalled(folder, all);
    }
    if (share_.loose.empty()) {
      return std::move(candidates_);
    }
    if (auto status = addLoose(); !status) {
      return status.error();
    }
    return std::move(candidates_);
  }

 private:
  std::string bundleFolderOf(const std::string& path) const {
    const auto parts = pathParts(path);
    const std::string module = service_ + "/" + parts[2];
    if (layout_.bundles.contains(service_)) {
      return service_;
    }
    return parts.size() > 3 && layout_.bundles.contains(module) ? module : "";
  }

  void divide() {
    for (const auto& [path, name] : layout_.files) {
      if (!isBelow(path, service_)) {
        continue;
      }
      const auto parts = pathParts(path);
      const std::string module = service_ + "/" + parts[2];
      const fs::path source = unpacked_ / name;
      if (const std::string folder = bundleFolderOf(path); !folder.empty()) {
        share_.ofBundles[folder].emplace(path, source);
      } else if (parts.size() > 3 && installed_.contains(module)) {
        share_.ofInstalled[module].emplace(path, source);
      } else {
        share_.loose.emplace(path, source);
        share_.looseHasComponents |= parts.size() == 5 && parts[4] == "component.json";
      }
    }
  }

  std::shared_ptr<const Revision> installedAt(const std::string& folder) const {
    const auto at = installed_.find(folder);
    return at == installed_.end() ? nullptr : at->second;
  }

  // The service's files that a module bundle stands on: the archive's, else those of the newest
  // revision that has them.
  TreeFiles serviceFilesFor(const std::string& folder) const {
    if (!share_.loose.empty()) {
      const auto own = installedAt(folder);
      TreeFiles files = own && !replaceAll_ ? serviceFiles(*own) : TreeFiles();
      overlay(files, share_.loose);
      return files;
    }
    std::vector<std::shared_ptr<const Revision>> newestFirst;
    for (const auto& [ignored, revision] : installed_) {
      newestFirst.push_back(revision);
    }
    std::stable_sort(newestFirst.begin(), newestFirst.end(),
                     [](const auto& a, const auto& b) { return a->installedAt > b->installedAt; });
    for (const auto& revision : newestFirst) {
      if (TreeFiles files = serviceFiles(*revision); !files.empty()) {
        return files;
      }
    }
    return {};
  }

  void addBundle(const std::string& folder, const TreeFiles& files) {
    const BundleManifest& manifest = layout_.bundles.at(folder);
    Candidate candidate{manifest.name,      folder, manifest.version.text(), {}, "",
                        installedAt(folder)};
    if (candidate.previous && !replaceAll_) {
      candidate.files = publishedFiles(*candidate.previous);
      std::erase_if(candidate.files,
                    [&folder](const auto& file) { return !isBelow(file.first, folder); });
    }
    if (isModuleBundle(candidate.bundle)) {
      overlay(candidate.files, serviceFilesFor(folder));
    }
    overlay(candidate.files, files);
    candidates_.push_back(std::move(candidate));
  }

  // Files without a bundle.json go into the bundle that is there; its version stays.
  void joinInstalled(const std::string& folder, const TreeFiles& files) {
    auto revision = installedAt(folder);
    Candidate candidate{revision->bundle,          folder, revision->version,
                        publishedFiles(*revision), "",     revision};
    if (replaceAll_) {
      makeRoom(candidate, files);
    }
    overlay(candidate.files, files);
    candidates_.push_back(std::move(candidate));
  }

  // replaceAll without a bundle.json: what the archive holds whole (the bundle, a module, a
  // component) is replaced.
  void makeRoom(Candidate& candidate, const TreeFiles& files) const {
    const fs::path bundleJson = candidate.files.contains(candidate.folder + "/bundle.json")
                                    ? candidate.files.at(candidate.folder + "/bundle.json")
                                    : fs::path();
    std::set<std::string> replaced;
    for (const auto& [path, source] : files) {
      const std::string file = fileOf(path);
      if (file == "service.json" || file == "module.json" || file == "component.json") {
        replaced.insert(folderOf(path));
      }
    }
    for (const std::string& folder : replaced) {
      if (isBelow(folder, candidate.folder)) {
        removeBelow(candidate.files, folder);
      }
    }
    if (!bundleJson.empty()) {
      candidate.files[candidate.folder + "/bundle.json"] = bundleJson;
    }
  }

  base::Status addLoose() {
    const bool carried = !share_.ofBundles.empty() || !share_.ofInstalled.empty();
    if (carried && !share_.looseHasComponents) {
      return {};  // they went into the module bundles as their own copy
    }
    if (installed_.contains(service_)) {
      joinInstalled(service_, share_.loose);
    } else if (share_.looseHasComponents || (installed_.empty() && hasFile("service.json"))) {
      candidates_.push_back({pathToDotted(service_), service_, std::string(kFirstVersion),
                             share_.loose, "", nullptr});
    } else if (installed_.empty()) {
      return base::fail(base::Code::kBundleRefused,
                        "The archive was refused: " + shownName(share_.loose.begin()->first) +
                            " belongs to " + pathToDotted(service_) +
                            ", of which nothing is installed, and the archive has no manifest of "
                            "it. Nothing was installed.");
    }
    if (!carried && !share_.looseHasComponents) {
      joinModules();
    }
    return {};
  }

  // Service files alone: a new revision of every bundle of the service.
  void joinModules() {
    for (const auto& [folder, revision] : installed_) {
      if (folder != service_) {
        joinInstalled(folder, share_.loose);
      }
    }
  }

  bool hasFile(const std::string& name) const {
    return share_.loose.contains(service_ + "/" + name);
  }

  const Layout& layout_;
  const fs::path& unpacked_;
  const std::string service_;
  const bool replaceAll_;
  std::map<std::string, std::shared_ptr<const Revision>>
      installed_;  // folder → current revision, of this service
  Share share_;
  std::vector<Candidate> candidates_;
};

}  // namespace

TreeFiles publishedFiles(const Revision& revision) {
  return listFiles(revision.root, revision.installed);
}

TreeFiles serviceFiles(const Revision& revision) {
  TreeFiles files;
  if (isModuleBundle(revision.bundle)) {
    files = publishedFiles(revision);
    removeBelow(files, dottedToPath(revision.bundle));
  }
  return files;
}

base::Result<std::vector<Candidate>> compose(const Layout& layout, const fs::path& unpacked,
                                             const Installed& installed, bool replaceAll) {
  std::vector<Candidate> all;
  for (const std::string& service : layout.services) {
    auto candidates = ServiceComposition(layout, unpacked, service, installed, replaceAll).run();
    if (!candidates) {
      return candidates.error();
    }
    for (Candidate& candidate : *candidates) {
      auto hash = hashFiles(candidate.files);
      if (!hash) {
        return hash.error();
      }
      candidate.hash = std::move(hash).value();
      all.push_back(std::move(candidate));
    }
  }
  return all;
}

base::Result<std::optional<Candidate>> without(const std::shared_ptr<const Revision>& revision,
                                               const std::vector<std::string>& folders) {
  Candidate candidate{revision->bundle,
                      dottedToPath(revision->bundle),
                      revision->version,
                      publishedFiles(*revision),
                      "",
                      revision};
  for (const std::string& folder : folders) {
    removeBelow(candidate.files, folder);
  }
  const bool hasComponent =
      std::any_of(candidate.files.begin(), candidate.files.end(), [&](const auto& file) {
        return isBelow(file.first, candidate.folder) && pathParts(file.first).size() == 5 &&
               fileOf(file.first) == "component.json";
      });
  if (!hasComponent) {
    return std::optional<Candidate>();
  }
  auto hash = hashFiles(candidate.files);
  if (!hash) {
    return hash.error();
  }
  candidate.hash = std::move(hash).value();
  return std::optional(std::move(candidate));
}

}  // namespace patchbay::connectors
