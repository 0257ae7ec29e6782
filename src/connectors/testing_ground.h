// A server's connectors room for tests: a store in a temporary folder, a fake npm and a fake
// probation load.
#pragma once

#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "connectors/bundle_writer.h"
#include "connectors/installed_bundles.h"
#include "connectors/publisher.h"
#include "connectors/selector.h"
#include "connectors/testing_folder.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::connectors {

using Contents = std::map<std::string, std::string>;

class FakePackages : public PackageInstaller {
 public:
  base::Status install(const PackagePlan& plan, const std::filesystem::path& target,
                       const std::filesystem::path&) override {
    asked.push_back(plan.folder);
    if (hold) {
      hold->wait();
    }
    if (failing) {
      return base::fail(base::Code::kBundleRefused,
                        "npm could not install the dependencies of " + plan.folder);
    }
    std::filesystem::create_directories(target / "node_modules/dep");
    return writeFile(target / "node_modules/dep/index.js", plan.document);
  }
  void stop() override {
    if (hold) {
      hold->open();
    }
  }

  class Gate {
   public:
    void wait() {
      std::unique_lock lock(mutex_);
      isReached_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return isOpen_; });
    }
    void reached() {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return isReached_; });
    }
    void open() {
      const std::lock_guard lock(mutex_);
      isOpen_ = true;
      changed_.notify_all();
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool isOpen_ = false, isReached_ = false;
  };

  std::vector<std::string> asked;
  bool failing = false;
  std::shared_ptr<Gate> hold;
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
    }
    for (const auto& [name, folder] : order.auths) {
      inspection.auths.push_back({name, folder, "apiKey", nullptr, ""});
    }
    for (const auto& [name, folder] : order.quotas) {
      inspection.quotas[name] = json::object{{"rules", json::array()}};
    }
    inspection.usesScope = false;
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
  ~Ground() { publisher.reset(); }

  // As a new start of the server on the same data.
  void restart() {
    publisher.reset();
    bundles.reset();
    registry.reset();
    store.reset();
    open();
  }

  base::Result<std::string> begin(const Contents& files, bool replaceAll = false,
                                  VendorRights rights = {true, {}}) {
    PublishOrder order;
    order.archive = *writeZip(files);
    order.userId = "me";
    order.rights = std::move(rights);
    order.replaceAll = replaceAll;
    return publisher->publish(std::move(order));
  }

  // The finished ticket's answer.
  json::object await(const std::string& ticket) {
    for (;;) {
      auto answer = publisher->ticket(ticket, "me", false);
      if (!answer || answer->contains("finished")) {
        return answer ? *answer : json::object{{"err", answer.error().message}};
      }
      std::this_thread::yield();
    }
  }

  json::object publish(const Contents& files, bool replaceAll = false) {
    auto ticket = begin(files, replaceAll);
    return ticket ? await(*ticket) : json::object{{"err", ticket.error().message}};
  }

  base::Status remove(const std::string& selector, VendorRights rights = {true, {}}) {
    RevisionMaker maker(packages, inspector, bundles->folder());
    return removeSelected(*registry, *bundles, maker, random, selector, rights);
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
  std::unique_ptr<Publisher> publisher;

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
    publisher = std::make_unique<Publisher>(
        Publisher::Parts{*store, *registry, *bundles, packages, inspector, clock, random});
  }
};

}  // namespace patchbay::connectors
