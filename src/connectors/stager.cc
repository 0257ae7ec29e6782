#include "connectors/stager.h"

#include <algorithm>
#include <map>

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxWarnings = 100;

std::vector<std::string> fileNames(const BundleReader& reader) {
  std::vector<std::string> names;
  for (const auto& entry : reader.entries()) {
    if (!entry.isFolder) {
      names.push_back(entry.name);
    }
  }
  return names;
}

base::Status checkVendors(const Layout& layout, const VendorRights& rights) {
  for (const std::string& vendor : layout.vendors) {
    if (auto status = rights.check(vendor); !status) {
      return status;
    }
  }
  return {};
}

}  // namespace

bool VendorRights::owns(std::string_view vendor) const {
  return all || std::find(vendors.begin(), vendors.end(), vendor) != vendors.end();
}

base::Status VendorRights::check(std::string_view vendor) const {
  return owns(vendor) ? base::Status()
                      : base::Status(base::fail(
                            base::Code::kForbidden,
                            "You are not the owner of vendor \"" + std::string(vendor) +
                                "\". Ask an administrator to add it to your user's vendors."));
}

StagingFolder::StagingFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code failure;
  fs::create_directories(folder_, failure);
}

StagingFolder::~StagingFolder() {
  removeTree(folder_);
}

base::Status Stager::check(const Archive& archive) {
  if (auto status = BundleReader::sniff(archive.bytes, archive.limits); !status) {
    return status;
  }
  auto reader = BundleReader::open(archive.bytes, archive.limits);
  if (!reader) {
    return {};  // said later, in full
  }
  std::map<std::string, const BundleReader::Entry*> entries;
  for (const auto& entry : reader->entries()) {
    entries.emplace(entry.name, &entry);
  }
  const auto layout = layOut(
      fileNames(*reader), [&](const std::string& name) { return reader->read(*entries.at(name)); });
  return layout ? checkVendors(*layout, archive.rights) : base::Status();
}

base::Result<Layout> Stager::unpack(const Archive& archive, const fs::path& staging) {
  auto reader = BundleReader::open(archive.bytes, archive.limits);
  if (!reader) {
    return reader.error();
  }
  const fs::path unpacked = staging / "archive";
  if (auto status = reader->extractTo(unpacked); !status) {
    return status.error();
  }
  auto layout = layOut(fileNames(*reader), [&unpacked](const std::string& name) {
    return readFile(unpacked / name, kMaxManifestBytes + 1);
  });
  if (layout) {
    if (auto status = checkVendors(*layout, archive.rights); !status) {
      return status.error();
    }
  }
  return layout;
}

base::Result<Staged> Stager::stage(const Layout& layout, bool replaceAll, const fs::path& staging,
                                   const RevisionMaker::Step& step) {
  auto candidates = compose(layout, staging / "archive", registry_.allCurrent(), replaceAll);
  if (!candidates) {
    return candidates.error();
  }
  Staged staged;
  staged.warnings = layout.warnings;
  for (const Candidate& candidate : *candidates) {
    staged.bundles.emplace_back(candidate.bundle, candidate.version);
    if (registry_.byId(candidate.id())) {
      if (!candidate.previous || candidate.previous->id != candidate.id()) {
        staged.activation.known.push_back(candidate.id());
      }
      continue;
    }
    auto made =
        maker_.make(candidate, staging / std::to_string(staged.activation.fresh.size()), step);
    if (!made) {
      return made.error();
    }
    staged.warnings.insert(staged.warnings.end(), made->warnings.begin(), made->warnings.end());
    staged.activation.fresh.push_back(std::move(made).value());
  }
  staged.warnings.resize(std::min(staged.warnings.size(), kMaxWarnings));
  return staged;
}

}  // namespace patchbay::connectors
