#include "connectors/revision_scan.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "connectors/bundle_layout.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxComponents = 2'000;

std::string colonName(const std::string& folder) {
  std::string name = folder;
  std::replace(name.begin(), name.end(), '/', ':');
  return name;
}

class Scan {
 public:
  Scan(const TreeFiles& files, const std::string& bundle)
      : files_(files), folder_(dottedToPath(bundle)), bundle_(bundle) {}

  base::Result<RevisionContents> run() {
    for (const auto& [path, source] : files_) {
      if (auto status = isInNodeModules(path) ? base::Status() : look(path); !status) {
        return status.error();
      }
    }
    std::sort(contents_.components.begin(), contents_.components.end(),
              [](const Component& a, const Component& b) { return a.name < b.name; });
    if (auto status = checkNames(); !status) {
      return status.error();
    }
    settleConfigServices();
    settleApps();
    return std::move(contents_);
  }

 private:
  base::Status look(const std::string& path) {
    const std::string file = fileOf(path);
    const std::string folder = folderOf(path);
    const std::size_t depth = pathParts(folder).size();
    const bool isOurs = isBelow(folder, folder_);
    if (file == "package.json") {
      contents_.packageFolders.push_back(folder);
    } else if (file == "auth.js" && (depth == 2 || (depth == 3 && isOurs))) {
      contents_.auths.emplace(colonName(folder), folder);
    } else if (file == "quota.js" && (depth == 2 || (depth >= 3 && depth <= 4 && isOurs))) {
      contents_.quotas.emplace(colonName(folder), folder);
    } else if (file == "component.json" && depth == 4 && isOurs) {
      return readComponent(path, folder);
    } else if (file == "service.json" && depth == 2) {
      return readApp(path, true);
    } else if (file == "module.json" && depth == 3 && isOurs) {
      return readApp(path, false);
    } else if (file == "bundle.json" && folder == folder_) {
      return readBundle(path);
    }
    return {};
  }

  base::Result<std::string> text(const std::string& path) const {
    return readFile(files_.at(path), kMaxManifestBytes + 1);
  }

  base::Status readComponent(const std::string& path, const std::string& folder) {
    auto bytes = text(path);
    if (!bytes) {
      return bytes.error();
    }
    auto manifest = readComponentManifest(*bytes);
    if (!manifest.isFine()) {
      return manifestRefusal(path, manifest.faults);
    }
    if (contents_.components.size() >= kMaxComponents) {
      return base::fail(
          base::Code::kBundleRefused,
          bundle_ + " has more than " + std::to_string(kMaxComponents) + " components");
    }
    Component& component = contents_.components.emplace_back(std::move(manifest.component));
    component.dir = folder;
    const std::string code = fileOf(folder) + ".js";
    if (!files_.contains(folder + "/" + code)) {
      component.loadError = "its code file " + code + " is missing";
    }
    return {};
  }

  base::Status readApp(const std::string& path, bool isService) {
    auto bytes = text(path);
    if (!bytes) {
      return bytes.error();
    }
    auto manifest = isService ? readServiceManifest(*bytes) : readModuleManifest(*bytes);
    if (!manifest.isFine()) {
      return manifestRefusal(path, manifest.faults);
    }
    contents_.apps.push_back(std::move(manifest.app));
    return {};
  }

  base::Status readBundle(const std::string& path) {
    auto bytes = text(path);
    if (!bytes) {
      return bytes.error();
    }
    auto manifest = readBundleManifest(*bytes);
    if (!manifest.isFine()) {
      return manifestRefusal(path, manifest.faults);
    }
    contents_.bundleManifest = std::move(manifest.document);
    return {};
  }

  base::Status checkNames() const {
    const auto& all = contents_.components;
    const auto twice =
        std::adjacent_find(all.begin(), all.end(),
                           [](const Component& a, const Component& b) { return a.name == b.name; });
    if (twice == all.end()) {
      return {};
    }
    return base::fail(base::Code::kBundleRefused, "Duplicate component " + twice->name + ": both " +
                                                      twice->dir + " and " + std::next(twice)->dir +
                                                      " have this name. Nothing was installed.");
  }

  bool hasApp(const std::string& name) const {
    return std::any_of(contents_.apps.begin(), contents_.apps.end(),
                       [&](const App& app) { return app.name == name; });
  }

  static std::string moduleOf(const Component& component) {
    return component.name.substr(0, component.name.rfind('.'));
  }
  static std::string serviceOf(const Component& component) {
    const std::string module = moduleOf(component);
    return module.substr(0, module.rfind('.'));
  }

  void settleConfigServices() {
    for (Component& component : contents_.components) {
      if (component.configService.empty()) {
        const std::string module = moduleOf(component);
        component.configService =
            colonName(dottedToPath(hasApp(module) ? module : serviceOf(component)));
      }
    }
  }

  // The service is an app of this bundle only for components that no module.json covers; a bundle
  // without any manifest of an app gets a plain one, so that its components can be found.
  void settleApps() {
    std::set<std::string> services;
    for (const Component& component : contents_.components) {
      if (!hasApp(moduleOf(component))) {
        services.insert(serviceOf(component));
      }
    }
    std::erase_if(contents_.apps, [&](const App& app) {
      return nameParts(app.name).size() == 2 && !contents_.components.empty() &&
             !services.contains(app.name);
    });
    for (const std::string& service : services) {
      if (!hasApp(service)) {
        const std::string label = service.substr(service.find('.') + 1);
        contents_.apps.push_back(describeApp(json::object{{"name", service},
                                                          {"label", label},
                                                          {"category", "custom"},
                                                          {"description", ""},
                                                          {"icon", ""}}));
      }
    }
  }

  const TreeFiles& files_;
  const std::string folder_;
  const std::string& bundle_;
  RevisionContents contents_;
};

}  // namespace

base::Result<RevisionContents> scanRevision(const TreeFiles& files, const std::string& bundle) {
  return Scan(files, bundle).run();
}

}  // namespace patchbay::connectors
