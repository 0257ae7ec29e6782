#include "connectors/bundle_layout.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/json.h"
#include "connectors/entry_name.h"

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxManifests = 5'000;

struct Sighting {        // one manifest in the archive
  std::string entry;     // its name there
  std::string folder;    // of the entry
  std::string expected;  // folder its own name asks for
  std::size_t rank = 0;  // bundle, service, module, component
  std::vector<Fault> faults;
};

base::Error refuse(const std::string& why) {
  return base::fail(base::Code::kBundleRefused,
                    "The archive was refused: " + why + ". Nothing was installed.");
}

std::size_t manifestRank(std::string_view file) {
  static constexpr std::array<std::string_view, 4> kNames = {"bundle.json", "service.json",
                                                             "module.json", "component.json"};
  return static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), file) - kNames.begin());
}

bool isLitter(std::string_view path) {
  return isBelow(path, "__MACOSX") || fileOf(path) == ".DS_Store" || fileOf(path) == "Thumbs.db";
}

std::string join(const std::string& folder, const std::string& rest) {
  return folder.empty() ? rest : rest.empty() ? folder : folder + "/" + rest;
}

std::string joinParts(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    out = join(out, parts[i]);
  }
  return out;
}

bool isSameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char one, char other) {
    return std::tolower(static_cast<unsigned char>(one)) ==
           std::tolower(static_cast<unsigned char>(other));
  });
}

// In place: lies where its name says. A component may lie in another module's folder, and its own
// may differ in case, as those of some known connectors do.
bool isInPlace(const Sighting& sighting) {
  if (sighting.folder == sighting.expected) {
    return true;
  }
  const auto is = pathParts(sighting.folder);
  const auto should = pathParts(sighting.expected);
  return sighting.rank == 3 && is.size() == 4 && is[0] == should[0] && is[1] == should[1] &&
         isSameWord(is[3], should[3]);
}

bool isManifestDepth(std::size_t rank, std::size_t depth) {
  return rank == 0 ? depth == 2 || depth == 3 : depth == rank + 1;
}

struct Move {
  std::string strip, add;  // leading folders
};

// The longest common tail stays, what is before it is exchanged.
Move moveFor(const Sighting& sighting) {
  const auto is = pathParts(sighting.folder);
  const auto should = pathParts(sighting.expected);
  std::size_t same = 0;
  while (same < std::min(is.size(), should.size()) &&
         is[is.size() - 1 - same] == should[should.size() - 1 - same]) {
    ++same;
  }
  if (same == 0 && sighting.rank == 3 && !is.empty() && isSameWord(is.back(), should.back())) {
    same = 1;
  }
  return {joinParts(is, 0, is.size() - same), joinParts(should, 0, should.size() - same)};
}

class Placing {
 public:
  explicit Placing(const ReadEntry& read) : read_(read) {}

  base::Result<Layout> run(const std::vector<std::string>& names) {
    if (auto status = readManifests(names); !status) {
      return status.error();
    }
    const Move move = chooseMove();
    for (const std::string& name : names) {
      if (auto status = place(name, move); !status) {
        return status.error();
      }
    }
    if (auto status = checkPlaces(move); !status) {
      return status.error();
    }
    return std::move(layout_);
  }

 private:
  base::Status readManifests(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const std::size_t rank = manifestRank(fileOf(name));
      if (rank == 4 || isLitter(name) || isInNodeModules(name)) {
        continue;
      }
      if (sightings_.size() >= kMaxManifests) {
        return refuse("it has more than " + std::to_string(kMaxManifests) + " manifests");
      }
      auto text = read_(name);
      if (!text) {
        return text.error();
      }
      readManifest(name, rank, *text);
    }
    const bool allFaulty =
        std::all_of(sightings_.begin(), sightings_.end(),
                    [](const Sighting& sighting) { return !sighting.faults.empty(); });
    return sightings_.empty() || !allFaulty ? base::Status() : base::Status(refuseAll(sightings_));
  }

  void readManifest(const std::string& name, std::size_t rank, std::string_view text) {
    std::string dotted;
    Verdict verdict;
    if (rank == 0) {
      auto manifest = readBundleManifest(text);
      dotted = manifest.name;
      verdict = manifest;
      bundles_.emplace(name, std::move(manifest));
    } else if (rank == 3) {
      auto manifest = readComponentManifest(text);
      dotted = manifest.component.name;
      verdict = std::move(manifest);
    } else {
      auto manifest = rank == 1 ? readServiceManifest(text) : readModuleManifest(text);
      dotted = manifest.app.name;
      verdict = std::move(manifest);
    }
    const std::string expected = nameParts(dotted).empty() ? "" : dottedToPath(dotted);
    sightings_.push_back({name, folderOf(name), expected, rank, std::move(verdict.faults)});
    for (const std::string& warning : verdict.warnings) {
      layout_.warnings.push_back(name + ": " + warning);
    }
  }

  static base::Error refuseAll(const std::vector<Sighting>& refused) {
    if (refused.size() == 1) {
      return manifestRefusal(refused[0].entry, refused[0].faults);
    }
    std::vector<Fault> all;
    for (const Sighting& sighting : refused) {
      for (Fault fault : sighting.faults) {
        fault.message = shownName(sighting.entry) + ": " + fault.message;
        all.push_back(std::move(fault));
      }
    }
    return manifestRefusal(
        refused[0].entry + " and " + std::to_string(refused.size() - 1) + " more", all);
  }

  // The archive is moved as a whole, by its most telling manifest that is not in place.
  Move chooseMove() const {
    const Sighting* chosen = nullptr;
    for (const Sighting& sighting : sightings_) {
      if (sighting.expected.empty()) {
        continue;
      }
      if (isInPlace(sighting)) {
        return {};
      }
      const auto key = [](const Sighting& one) {
        return std::pair(one.rank, pathParts(one.folder).size());
      };
      if (!chosen || key(sighting) < key(*chosen)) {
        chosen = &sighting;
      }
    }
    return chosen ? moveFor(*chosen) : Move{};
  }

  base::Status place(const std::string& name, const Move& move) {
    if (isLitter(name)) {
      return {};
    }
    const bool inside = isBelow(name, move.strip);
    const std::string rest = !inside              ? ""
                             : move.strip.empty() ? name
                                                  : name.substr(move.strip.size() + 1);
    const std::string path = join(move.add, rest);
    const auto parts = pathParts(path);
    if (!inside || parts.size() < 3) {
      layout_.warnings.push_back(shownName(name) +
                                 " lies outside of a service's folder and is left out");
      return {};
    }
    if (nameParts(parts[0] + "." + parts[1]).size() != 2) {
      return refuse(
          "\"" + shownName(name) +
          "\" does not lie below <vendor>/<service>/, and no manifest says where it belongs");
    }
    layout_.files.emplace(path, name);
    layout_.vendors.insert(parts[0]);
    layout_.services.insert(parts[0] + "/" + parts[1]);
    return {};
  }

  base::Status checkPlaces(const Move& move) {
    if (layout_.files.empty()) {
      return refuse("nothing in it lies below <vendor>/<service>/");
    }
    std::map<std::string, std::string> placed;  // name in the archive → path
    for (const auto& [path, name] : layout_.files) {
      placed.emplace(name, path);
    }
    std::vector<Sighting> refused;
    for (Sighting sighting : sightings_) {
      const auto at = placed.find(sighting.entry);
      if (at == placed.end()) {
        continue;
      }
      sighting.folder = folderOf(at->second);
      if (!isManifestDepth(sighting.rank, pathParts(sighting.folder).size())) {
        layout_.warnings.push_back(shownName(sighting.entry) +
                                   " lies where no such manifest is looked for");
      } else if (!sighting.faults.empty()) {
        refused.push_back(std::move(sighting));
      } else if (auto status = checkPlace(sighting, move); !status) {
        return status;
      }
    }
    if (!refused.empty()) {
      return refuseAll(refused);
    }
    return checkNesting();
  }

  base::Status checkPlace(const Sighting& sighting, const Move& move) {
    if (!isInPlace(sighting)) {
      const bool wasMoved = !move.add.empty() || !move.strip.empty();
      return refuse(shownName(sighting.entry) + " says its name is \"" +
                    pathToDotted(sighting.expected) + "\", but it lies in " +
                    shownName(sighting.folder) +
                    (wasMoved ? " (as the other manifests place it)" : ""));
    }
    if (sighting.folder != sighting.expected) {
      layout_.warnings.push_back(sighting.entry + ": the name " + pathToDotted(sighting.expected) +
                                 " differs from its folder; the name counts");
    }
    if (sighting.rank == 0) {
      layout_.bundles.emplace(sighting.folder, std::move(bundles_.at(sighting.entry)));
    }
    return {};
  }

  base::Status checkNesting() const {
    for (const auto& [folder, manifest] : layout_.bundles) {
      const std::string service = folderOf(folder);
      if (pathParts(folder).size() == 3 && layout_.bundles.contains(service)) {
        return refuse("bundle " + manifest.name + " lies inside bundle " + pathToDotted(service) +
                      "; a service is one bundle or each of its modules is");
      }
    }
    return {};
  }

  const ReadEntry& read_;
  Layout layout_;
  std::vector<Sighting> sightings_;
  std::map<std::string, BundleManifest> bundles_;  // by name in the archive
};

}  // namespace

base::Result<Layout> layOut(const std::vector<std::string>& names, const ReadEntry& read) {
  return Placing(read).run(names);
}

std::string folderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

std::string fileOf(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string dottedToPath(std::string_view dotted) {
  std::string path(dotted);
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

std::string pathToDotted(std::string_view path) {
  std::string dotted(path);
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  return dotted;
}

std::vector<std::string> pathParts(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

bool isBelow(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder ||
         (path.starts_with(folder) && path[folder.size()] == '/');
}

bool isInNodeModules(std::string_view path) {
  return path.starts_with("node_modules/") || path.find("/node_modules/") != std::string_view::npos;
}

base::Error manifestRefusal(const std::string& path, const std::vector<Fault>& faults) {
  json::array data;
  for (const Fault& fault : faults) {
    data.push_back(fault.toJson());
  }
  return base::fail(base::Code::kBundleRefused, "Invalid schema for " + shownName(path),
                    std::move(data));
}

}  // namespace patchbay::connectors
