// A server's connectors room for tests: a store in a temporary folder, a fake npm and a fake
// probation load.
#pragma once

#include <fstream>
#include <memory>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "connectors/bundle_writer.h"
#include "connectors/installed_bundles.h"
#include "connectors/selector.h"
#include "connectors/stager.h"
#include "connectors/testing_folder.h"
#include "connectors/testing_install.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::connectors {

using Contents = std::map<std::string, std::string>;

class FakePackages : public PackageInstaller {
 public:
  base::Result<std::vector<std::string>> install(const PackagePlan& plan,
                                                 const std::filesystem::path& target,
                                                 const std::filesystem::path&) override {
    asked.push_back(plan.folder);
    if (failing) {
      return base::fail(base::Code::kBundleRefused,
                        "npm could not install the dependencies of " + plan.folder);
    }
    std::filesystem::create_directories(target / "node_modules/dep");
    if (auto status = writeFile(target / "node_modules/dep/index.js", plan.document); !status) {
      return status.error();
    }
    return warnings;
  }
  void stop() override {}

  std::vector<std::string> asked;
  std::vector<std::string> warnings;
  bool failing = false;
};

// A component loads unless its code says BROKEN.
class FakeInspector : public Inspector {
 public:
  base::Result<Inspection> inspect(const InspectionOrder& order) override {
    ++calls;
    Inspection inspection;
    for (const auto& [name, folder] : order.components) {
      const std::string file = folder.substr(folder.rfind('/') + 1) + ".js";
      const auto code = readFile(order.root / folder / file, 1 << 20);
      const bool isBroken = !code || code->find("BROKEN") != std::string::npos;
      inspection.componentErrors[name] = isBroken ? "Unexpected token" : "";
      inspection.usesScope[name] = false;
    }
    for (const auto& [name, folder] : order.auths) {
      inspection.auths.push_back({name, folder, "apiKey", nullptr, ""});
    }
    for (const auto& [name, folder] : order.quotas) {
      inspection.quotas[name] = json::object{{"rules", json::array()}};
    }
    return inspection;
  }
  void stop() override {}
  int calls = 0;
};

// The files of a service-level bundle with components of one module.
inline Contents serviceBundle(const std::string& service, const std::string& version,
                              const std::vector<std::string>& components) {
  const std::string base = "acme/" + service + "/";
  Contents files{
      {base + "bundle.json",
       json::write(json::object{{"name", "acme." + service}, {"version", version}})},
      {base + "service.json", json::write(json::object{{"name", "acme." + service},
                                                       {"label", service},
                                                       {"category", "applications"},
                                                       {"icon", "data:,"},
                                                       {"description", "About " + service}})},
      {base + "auth.js", "module.exports = {};"}};
  for (const std::string& component : components) {
    const std::string folder = base + "core/" + component + "/";
    files[folder + "component.json"] = json::write(json::object{
        {"name", "acme." + service + ".core." + component}, {"inPorts", json::array{"in"}}});
    files[folder + component + ".js"] = "module.exports = { receive() {} };";
  }
  return files;
}

// The files of a module-level bundle, without those of its service.
inline Contents moduleBundle(const std::string& service, const std::string& module,
                             const std::string& version,
                             const std::vector<std::string>& components) {
  const std::string base = "acme/" + service + "/" + module + "/";
  const std::string name = "acme." + service + "." + module;
  Contents files{
      {base + "bundle.json", json::write(json::object{{"name", name}, {"version", version}})},
      {base + "module.json", json::write(json::object{{"name", name},
                                                      {"label", module},
                                                      {"category", "applications"},
                                                      {"icon", "data:,"},
                                                      {"description", "About " + module}})}};
  for (const std::string& component : components) {
    files[base + component + "/component.json"] =
        json::write(json::object{{"name", name + "." + component}});
    files[base + component + "/" + component + ".js"] = "module.exports = { receive() {} };";
  }
  return files;
}

inline Contents operator+(Contents left, const Contents& right) {
  for (const auto& [name, text] : right) {
    left[name] = text;
  }
  return left;
}

class Ground {
 public:
  Ground() { open(); }

  // As a new start of the server on the same data.
  void restart() {
    bundles.reset();
    registry.reset();
    store.reset();
    open();
  }

  json::object publish(const Contents& files, bool replaceAll = false,
                       VendorRights rights = {true, {}}) {
    return publish(Archive{*writeZip(files), std::move(rights), ZipLimits::upload(), replaceAll});
  }
  json::object publish(const Archive& archive) {
    RevisionMaker maker(packages, inspector, bundles->folder());
    return installArchive(*registry, *bundles, maker, archive);
  }

  base::Status remove(const std::string& text) {
    const auto selector = Selector::parse(text);
    if (!selector) {
      return selector.error();
    }
    RevisionMaker maker(packages, inspector, bundles->folder());
    const StagingFolder staging(bundles->stagingFolder("test"));
    const auto cuts = cutsOf(*registry, *selector);
    if (cuts.empty()) {
      return base::fail(base::Code::kNotFound, "nothing");
    }
    auto activation = stageCuts(*registry, maker, cuts, staging.path());
    return activation ? bundles->activate(std::move(*activation))
                      : base::Status(activation.error());
  }

  std::size_t stagingEntries() const {
    const auto files = std::filesystem::directory_iterator(folder.path() / "bundles/.staging");
    return static_cast<std::size_t>(
        std::distance(begin_(files), std::filesystem::directory_iterator()));
  }

  TestFolder folder;
  base::SystemClock clock;
  base::SystemRandom random;
  FakePackages packages;
  FakeInspector inspector;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Registry> registry;
  std::unique_ptr<InstalledBundles> bundles;

 private:
  static std::filesystem::directory_iterator begin_(const std::filesystem::directory_iterator& at) {
    return at;
  }

  void open() {
    store::SqliteOptions options;
    options.folder = folder.path();
    store = std::move(store::openSqlite(options)).value();
    registry = std::make_unique<Registry>();
    bundles = std::make_unique<InstalledBundles>(*store, *registry, clock, folder.path());
    const auto loaded = bundles->load();
    if (!loaded) {
      throw std::runtime_error(loaded.error().message);
    }
  }
};

}  // namespace patchbay::connectors
