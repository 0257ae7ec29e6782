#include "connectors/author_checks.h"

#include "base/json.h"
#include "connectors/bundle_layout.h"
#include "connectors/manifest.h"
#include "connectors/semver.h"

namespace patchbay::connectors {
namespace {

class Checks {
 public:
  Checks(const SourceBundle& bundle, const RevisionContents& contents)
      : bundle_(bundle), contents_(contents) {}

  std::vector<AuthorWarning> run() {
    checkBundle();
    for (const Component& component : contents_.components) {
      checkComponent(component);
    }
    checkWords("label");
    checkWords("description");
    for (const std::string& folder : contents_.packageFolders) {
      checkPackages(folder);
    }
    return std::move(warnings_);
  }

 private:
  void warn(const std::string& path, std::string message) {
    const auto at = bundle_.files.find(path);
    warnings_.push_back({at == bundle_.files.end() ? bundle_.folder / fileOf(path) : at->second,
                         std::move(message)});
  }

  void checkBundle() {
    const std::string path = dottedToPath(bundle_.name) + "/bundle.json";
    if (!bundle_.isInItsPlace) {
      warn(path,
           "the name is " + bundle_.name + ", but the folder is another" +
               (nameParts(bundle_.name).size() == 3 ? "; the files of its service were not found"
                                                    : ""));
    }
    const json::object& manifest = contents_.bundleManifest.as_object();
    const std::string version = json::getString(manifest, "version");
    const json::value* changelog = json::find(manifest, "changelog");
    const bool isTold =
        changelog && (changelog->is_array() ||
                      (changelog->is_object() && changelog->get_object().contains(version)));
    if (!isTold) {
      warn(path, "the changelog does not tell of " + version);
    }
  }

  void checkComponent(const Component& component) {
    const std::string path = component.dir + "/component.json";
    if (pathToDotted(component.dir) != component.name) {
      warn(path, "the name is " + component.name + ", but the folder is another; the name counts");
    }
    if (!component.loadError.empty()) {
      warn(path, "it will not load: " + component.loadError);
    }
  }

  // One line for all of them: a missing label is the last part of the name to users.
  void checkWords(const char* key) {
    std::string first;
    std::size_t count = 0;
    for (const Component& component : contents_.components) {
      const json::object& manifest = component.manifest.as_object();
      if (!component.isPrivate && json::getString(manifest, key).empty() && ++count == 1) {
        first = component.name;
      }
    }
    if (count > 0) {
      warn(dottedToPath(bundle_.name) + "/bundle.json",
           std::to_string(count) + " components have no " + key + ", such as " + first);
    }
  }

  void checkPackages(const std::string& folder) {
    const std::string path = folder + "/package.json";
    const auto text = readFile(bundle_.files.at(path), kMaxManifestBytes);
    const auto document = text ? json::parse(*text, path) : base::Result<json::value>(text.error());
    if (!document || !document->is_object()) {
      warn(path, document ? "is not an object" : document.error().message);
      return;
    }
    std::string loose;
    for (const auto& [name, version] : json::getObject(document->get_object(), "dependencies")) {
      if (!version.is_string() || !parseVersion(std::string_view(version.get_string()))) {
        loose += (loose.empty() ? "" : ", ") + std::string(name.data(), name.size());
      }
    }
    if (!loose.empty()) {
      warn(path, "has no exact version of " + loose + ": installs may differ");
    }
  }

  const SourceBundle& bundle_;
  const RevisionContents& contents_;
  std::vector<AuthorWarning> warnings_;
};

}  // namespace

std::vector<AuthorWarning> authorWarnings(const SourceBundle& bundle,
                                          const RevisionContents& contents) {
  return Checks(bundle, contents).run();
}

}  // namespace patchbay::connectors
