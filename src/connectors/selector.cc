#include "connectors/selector.h"

#include <algorithm>
#include <set>

#include "connectors/bundle_composition.h"
#include "connectors/bundle_layout.h"
#include "connectors/bundle_writer.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace {

constexpr std::uint64_t kMaxDownloadBytes = 512ULL << 20;

// Current revisions of the service, oldest first.
std::vector<std::shared_ptr<const Revision>> revisionsOf(const Registry& registry,
                                                         const std::string& service) {
  auto all = registry.allCurrent();
  std::erase_if(
      all, [&](const auto& revision) { return !isBelow(dottedToPath(revision->bundle), service); });
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a->installedAt < b->installedAt; });
  return all;
}

// Folders of a bundle that a module or component selector names.
std::vector<std::string> foldersOf(const Revision& revision, const Selector& selector) {
  std::set<std::string> folders;
  const std::string bundleFolder = dottedToPath(revision.bundle);
  for (const Component& component : revision.components) {
    if (selector.covers(component.name)) {
      folders.insert(component.dir);
    }
  }
  if (selector.parts.size() == 3) {
    const std::string folder = dottedToPath(selector.dotted);
    const TreeFiles files = publishedFiles(revision);
    const auto at = files.lower_bound(folder + "/");
    if (isBelow(folder, bundleFolder) && at != files.end() && isBelow(at->first, folder)) {
      folders.insert(folder);
    }
  }
  return {folders.begin(), folders.end()};
}

TreeFiles filesBelow(const TreeFiles& files, const std::string& folder) {
  TreeFiles below;
  for (const auto& [path, source] : files) {
    if (isBelow(path, folder)) {
      below.emplace(path, source);
    }
  }
  return below;
}

base::Error nothingThere(std::string_view selector) {
  return base::fail(base::Code::kNotFound,
                    "Nothing is installed as \"" + std::string(selector.substr(0, 300)) + "\".");
}

}  // namespace

base::Result<Selector> Selector::parse(std::string_view text) {
  Selector selector;
  const std::size_t slash = std::min(text.find('/'), text.size());
  selector.dotted = text.substr(0, slash);
  selector.file = text.substr(std::min(slash + 1, text.size()));
  selector.parts = nameParts(selector.dotted);
  if (selector.parts.size() < 2) {
    return base::fail(base::Code::kInvalid,
                      "The selector should be vendor.service, vendor.service.module or "
                      "vendor.service.module.Component.");
  }
  return selector;
}

bool Selector::covers(std::string_view name) const {
  return name == dotted || (name.starts_with(dotted) && name[dotted.size()] == '.');
}

TreeFiles selectFiles(const Registry& registry, const Selector& selector) {
  TreeFiles selected;
  for (const auto& revision : revisionsOf(registry, selector.service())) {
    const TreeFiles files = publishedFiles(*revision);
    if (selector.covers(revision->bundle)) {
      for (const auto& [path, source] : files) {
        selected[path] = source;
      }
      continue;
    }
    for (const std::string& folder : foldersOf(*revision, selector)) {
      for (auto& [path, source] : filesBelow(files, folder)) {
        selected[path] = source;
      }
    }
  }
  if (!selector.file.empty()) {
    std::set<std::string> bases{dottedToPath(selector.dotted)};
    for (const auto& revision : revisionsOf(registry, selector.service())) {
      for (const Component& component : revision->components) {
        if (component.name == selector.dotted) {
          bases.insert(component.dir);
        }
      }
    }
    std::erase_if(selected, [&](const auto& file) {
      return std::none_of(bases.begin(), bases.end(), [&](const std::string& folder) {
        return isBelow(file.first, folder + "/" + selector.file);
      });
    });
  }
  return selected;
}

base::Result<std::string> downloadZip(const Registry& registry, std::string_view text,
                                      const VendorRights& rights) {
  const auto selector = Selector::parse(text);
  if (!selector) {
    return selector.error();
  }
  if (auto status = rights.check(selector->parts[0]); !status) {
    return status.error();
  }
  const TreeFiles files = selectFiles(registry, *selector);
  return files.empty() ? base::Result<std::string>(nothingThere(text))
                       : writeZip(files, kMaxDownloadBytes);
}

std::vector<Cut> cutsOf(const Registry& registry, const Selector& selector) {
  std::vector<Cut> cuts;
  for (const auto& revision : revisionsOf(registry, selector.service())) {
    if (selector.covers(revision->bundle)) {
      cuts.push_back({revision, true, {}});
    } else if (auto folders = foldersOf(*revision, selector); !folders.empty()) {
      cuts.push_back({revision, false, std::move(folders)});
    }
  }
  return cuts;
}

base::Result<Activation> stageCuts(const Registry& registry, RevisionMaker& maker,
                                   const std::vector<Cut>& cuts,
                                   const std::filesystem::path& staging) {
  Activation activation;
  for (const Cut& cut : cuts) {
    auto candidate =
        cut.whole ? std::optional<Candidate>()
                  : base::Result<std::optional<Candidate>>(without(cut.revision, cut.folders));
    if (!candidate) {
      return candidate.error();
    }
    if (!*candidate) {
      activation.removed.push_back(cut.revision->bundle);
    } else if (registry.byId((*candidate)->id())) {
      activation.known.push_back((*candidate)->id());
    } else {
      auto staged = maker.makeLess(**candidate, staging / std::to_string(activation.fresh.size()));
      if (!staged) {
        return staged.error();
      }
      activation.fresh.push_back(std::move(staged).value());
    }
  }
  return activation;
}

}  // namespace patchbay::connectors
