#include "connectors/source_bundle.h"

#include <algorithm>

#include "connectors/bundle_layout.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxTreeEntries = 2'000'000;
constexpr std::size_t kMaxBundleFiles = 20'000;

// What publishing leaves out, and what systems leave about.
bool staysHome(const std::string& file) {
  return file == "node_modules" || file == "artifacts" || file == "package-lock.json" ||
         file == ".npmrc" || file == ".DS_Store" || file == "Thumbs.db" ||
         file.starts_with(".git") || (file.starts_with("test-flow") && file.ends_with(".json"));
}

base::Error unreadable(const fs::path& folder, const std::error_code& failure) {
  return base::fail(base::Code::kNotFound,
                    folder.string() + " cannot be read: " + failure.message() + ".");
}

bool isFile(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(file, ignored));
}

bool isModuleFolder(const fs::path& folder) {
  return isFile(folder / "module.json") || isFile(folder / "bundle.json");
}

// Calls `found` with each plain file below; `skip` leaves folders out.
template <typename Found, typename Skip>
base::Status walk(const fs::path& folder, std::size_t limit, const Found& found, const Skip& skip) {
  std::error_code failure;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    if (++seen > limit) {
      return base::fail(base::Code::kTooLarge, folder.string() + " holds more than " +
                                                   std::to_string(limit) + " files and folders.");
    }
    const bool isLink = at->is_symlink();
    const bool isFolder = !isLink && at->is_directory();
    if (isLink || staysHome(at->path().filename().string()) || (isFolder && skip(at->path()))) {
      at.disable_recursion_pending();
    } else if (!isFolder && at->is_regular_file()) {
      found(at->path());
    }
  }
  return failure ? base::Status(unreadable(folder, failure)) : base::Status();
}

// Files of `folder` as they lie below `path` in an archive.
template <typename Skip>
base::Status collect(const fs::path& folder, const std::string& path, const Skip& skip,
                     TreeFiles& files) {
  return walk(
      folder, kMaxBundleFiles,
      [&](const fs::path& file) {
        files.emplace(path + "/" + file.lexically_relative(folder).generic_string(), file);
      },
      skip);
}

bool endsIn(const fs::path& folder, const std::string& name) {
  return ("/" + folder.generic_string()).ends_with("/" + dottedToPath(name));
}

}  // namespace

base::Result<std::vector<fs::path>> findSourceBundles(const fs::path& tree) {
  std::error_code failure;
  const fs::path root = fs::canonical(tree, failure);
  if (failure) {
    return unreadable(tree, failure);
  }
  std::vector<fs::path> folders;
  const auto found = [&](const fs::path& file) {
    if (file.filename() == "bundle.json") {
      folders.push_back(file.parent_path());
    }
  };
  if (base::Status walked =
          walk(root, kMaxTreeEntries, found, [](const fs::path&) { return false; });
      !walked) {
    return walked.error();
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

base::Result<SourceBundle> readSourceBundle(const fs::path& folder) {
  const auto text = readFile(folder / "bundle.json", kMaxManifestBytes);
  if (!text) {
    return text.error();
  }
  const BundleManifest manifest = readBundleManifest(*text);
  if (!manifest.isFine()) {
    return manifestRefusal((folder / "bundle.json").string(), manifest.faults);
  }
  SourceBundle bundle{folder, manifest.name, {}, endsIn(folder, manifest.name)};
  const std::string path = dottedToPath(bundle.name);
  base::Status status = collect(
      folder, path, [](const fs::path&) { return false; }, bundle.files);
  if (status && nameParts(bundle.name).size() == 3 && bundle.isInItsPlace) {
    status = collect(folder.parent_path(), folderOf(path), isModuleFolder, bundle.files);
  }
  return status ? base::Result<SourceBundle>(std::move(bundle))
                : base::Result<SourceBundle>(status.error());
}

}  // namespace patchbay::connectors
