#include "connectors/bundle_contract.h"

#include <algorithm>
#include <fstream>
#include <functional>

#include "base/json.h"
#include "connectors/bundle_layout.h"
#include "connectors/bundle_reader.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxFiles = 20'000;

// Path → how to read it.
using Manifests = std::map<std::string, std::function<base::Result<std::string>()>>;

bool isManifest(const std::string& path) {
  const std::string file = fileOf(path);
  return !isInNodeModules(path) && (file == "component.json" || file == "bundle.json");
}

base::Result<std::string> readWhole(const fs::path& file, std::uint64_t limit) {
  std::error_code failure;
  const std::uint64_t size = fs::file_size(file, failure);
  if (failure) {
    return base::fail(base::Code::kNotFound,
                      file.string() + " cannot be read: " + failure.message() + ".");
  }
  if (size > limit) {
    return base::fail(base::Code::kTooLarge, file.string() + " has " + std::to_string(size) +
                                                 " bytes, more than " + std::to_string(limit) +
                                                 ".");
  }
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

base::Result<Manifests> inFolder(const fs::path& folder) {
  Manifests manifests;
  std::size_t files = 0;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    if (at->is_symlink() || at->path().filename() == "node_modules" ||
        at->path().filename() == ".git") {
      at.disable_recursion_pending();
      continue;
    }
    if (++files > kMaxFiles) {
      return base::fail(base::Code::kTooLarge, folder.string() + " holds more than " +
                                                   std::to_string(kMaxFiles) +
                                                   " files: name the folder of one bundle.");
    }
    const std::string path = at->path().lexically_relative(folder).generic_string();
    if (at->is_regular_file() && isManifest(path)) {
      manifests.emplace(path, [file = at->path()] { return readWhole(file, kMaxManifestBytes); });
    }
  }
  if (failure) {
    return base::fail(base::Code::kNotFound,
                      folder.string() + " cannot be read: " + failure.message() + ".");
  }
  return manifests;
}

Manifests inZip(BundleReader& reader) {
  Manifests manifests;
  for (const BundleReader::Entry& entry : reader.entries()) {
    if (!entry.isFolder && isManifest(entry.name)) {
      manifests.emplace(entry.name, [&reader, &entry] { return reader.read(entry); });
    }
  }
  return manifests;
}

base::Error refused(const fs::path& source, const std::string& path, const std::string& why) {
  return base::fail(base::Code::kBundleRefused, source.string() + ", " + path + ": " + why);
}

base::Status addManifest(const fs::path& source, const std::string& path, const std::string& text,
                         BundleContract& bundle) {
  if (fileOf(path) == "bundle.json") {
    const BundleManifest manifest = readBundleManifest(text);
    if (!manifest.isFine()) {
      return refused(source, path, manifest.faults.front().message);
    }
    if (!bundle.name.empty()) {
      return refused(source, path,
                     "a second bundle, beside " + bundle.name + ": name a zip or folder of one.");
    }
    bundle.name = manifest.name;
    bundle.version = manifest.version;
    if (const json::value* changelog = json::find(manifest.document, "changelog")) {
      bundle.changelog = *changelog;
    }
    return {};
  }
  const ComponentManifest manifest = readComponentManifest(text);
  if (!manifest.isFine()) {
    return refused(source, path, manifest.faults.front().message);
  }
  auto document = json::parse(text, path);
  ComponentContract contract = contractOf(*document);
  std::string name = contract.name;
  if (!bundle.components.emplace(std::move(name), std::move(contract)).second) {
    return refused(source, path, "another manifest has the same name.");
  }
  return {};
}

base::Result<BundleContract> readAll(const fs::path& source, const Manifests& manifests) {
  BundleContract bundle;
  for (const auto& [path, read] : manifests) {
    auto text = read();
    if (!text) {
      return text.error();
    }
    if (base::Status added = addManifest(source, path, *text, bundle); !added) {
      return added.error();
    }
  }
  if (bundle.name.empty()) {
    return base::fail(base::Code::kBundleRefused, source.string() + " holds no bundle.json.");
  }
  return bundle;
}

bool anySpeaksOfBreaking(const json::value& words) {
  if (words.is_array()) {
    return std::any_of(words.get_array().begin(), words.get_array().end(), anySpeaksOfBreaking);
  }
  return words.is_string() && speaksOfBreaking(std::string_view(words.get_string()));
}

}  // namespace

bool speaksOfBreaking(std::string_view words) {
  std::string text(words);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("breaking") != std::string::npos &&
         text.find("non-breaking") == std::string::npos &&
         text.find("not breaking") == std::string::npos;
}

base::Result<BundleContract> readBundleContract(const fs::path& source) {
  std::error_code failure;
  if (fs::is_directory(source, failure)) {
    auto manifests = inFolder(source);
    return manifests ? readAll(source, *manifests)
                     : base::Result<BundleContract>(manifests.error());
  }
  const ZipLimits limits = ZipLimits::catalogue();
  auto bytes = readWhole(source, limits.archiveBytes);
  if (!bytes) {
    return bytes.error();
  }
  auto reader = BundleReader::open(*bytes, limits);
  if (!reader) {
    return reader.error();
  }
  return readAll(source, inZip(*reader));
}

bool isDeclaredBreaking(const Version& from, const Version& to, const json::value& changelog) {
  if (from.major != to.major) {
    return true;
  }
  if (!changelog.is_object()) {
    return false;
  }
  return std::any_of(changelog.get_object().begin(), changelog.get_object().end(),
                     [&](const auto& entry) {
                       const auto version = parseVersion(entry.key());
                       return version && *version > std::min(from, to) &&
                              *version <= std::max(from, to) && anySpeaksOfBreaking(entry.value());
                     });
}

}  // namespace patchbay::connectors
