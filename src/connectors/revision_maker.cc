#include "connectors/revision_maker.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/manifest.h"
#include "connectors/package_plan.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxPackageJson = 1 << 20;
constexpr std::size_t kMaxPackageLock = 16 << 20;

base::Status checkEngine(const Candidate& candidate, const json::value& bundleManifest) {
  const std::string engine = bundleManifest.is_object()
                                 ? json::getString(bundleManifest.as_object(), "engine")
                                 : std::string();
  const auto range = Range::parse(engine);
  if (engine.empty() || (range && range->contains(*parseVersion(kEngineVersion)))) {
    return {};
  }
  return base::fail(base::Code::kEngineMismatch,
                    candidate.bundle + " " + candidate.version + " needs engine " + engine +
                        "; this server is " + std::string(kEngineVersion) +
                        ". Nothing was installed; take a version that fits.");
}

// Nothing = the folder has no such file.
base::Result<std::optional<std::string>> readIfThere(const fs::path& file, std::size_t maxBytes) {
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(file, ignored))) {
    return std::optional<std::string>();
  }
  auto text = readFile(file, maxBytes);
  if (!text) {
    return text.error();
  }
  return std::optional(std::move(text).value());
}

base::Result<PackagePlan> planOf(const fs::path& root, const std::string& folder) {
  auto package = readFile(root / folder / "package.json", kMaxPackageJson);
  if (!package) {
    return package.error();
  }
  auto lock = readIfThere(root / folder / "package-lock.json", kMaxPackageLock);
  if (!lock) {
    return lock.error();
  }
  return planPackage(folder, *package, *lock);
}

bool carriesPackages(const Candidate& candidate, const std::string& folder) {
  const std::string prefix = folder + "/node_modules/";
  const auto at = candidate.files.lower_bound(prefix);
  return at != candidate.files.end() && at->first.starts_with(prefix);
}

// The previous revision's packages of this folder, when it asked npm for the same.
fs::path reusable(const Candidate& candidate, const PackagePlan& plan) {
  const auto& previous = candidate.previous;
  if (!previous || std::find(previous->installed.begin(), previous->installed.end(), plan.folder) ==
                       previous->installed.end()) {
    return {};
  }
  const auto before = planOf(previous->root, plan.folder);
  const fs::path packages = previous->root / plan.folder / "node_modules";
  std::error_code ignored;
  const bool isSame = before && before->document == plan.document && before->lock == plan.lock;
  return isSame && fs::is_directory(packages, ignored) ? packages : fs::path();
}

// An install that left packages out is not the last word: the registry may have them by now.
bool isComplete(const fs::path& packages, const PackagePlan& plan) {
  const auto required = requiredPackages(plan);
  return std::all_of(required.begin(), required.end(), [&packages](const std::string& package) {
    std::error_code ignored;
    return fs::is_directory(packages / package, ignored);
  });
}

base::Status checkSomethingLoads(const Revision& revision) {
  const auto& all = revision.components;
  if (all.empty() || std::any_of(all.begin(), all.end(),
                                 [](const Component& one) { return one.loadError.empty(); })) {
    return {};
  }
  json::array data;
  for (const Component& component : all) {
    data.push_back(json::object{{"dataPath", component.name}, {"message", component.loadError}});
  }
  return base::fail(base::Code::kBundleRefused,
                    "No component of " + revision.bundle + " loads (" + all.front().name + ": " +
                        all.front().loadError + "). Nothing was installed.",
                    std::move(data));
}

}  // namespace

base::Result<StagedRevision> RevisionMaker::begin(const Candidate& candidate,
                                                  const fs::path& folder,
                                                  RevisionContents& contents) {
  auto scanned = scanRevision(candidate.files, candidate.bundle);
  if (!scanned) {
    return scanned.error();
  }
  contents = std::move(scanned).value();
  if (auto status = checkEngine(candidate, contents.bundleManifest); !status) {
    return status.error();
  }
  if (auto status = copyFiles(candidate.files, folder); !status) {
    return status.error();
  }
  StagedRevision staged{std::make_shared<Revision>(), folder, {}};
  Revision& revision = *staged.revision;
  revision.id = candidate.id();
  revision.bundle = candidate.bundle;
  revision.version = candidate.version;
  revision.root = bundles_ / revision.id;
  revision.components = contents.components;
  revision.apps = contents.apps;
  revision.bundleManifest = contents.bundleManifest;
  revision.worker =
      std::make_shared<runtime::WorkerSpec>(runtime::WorkerSpec{revision.id, revision.root});
  return staged;
}

base::Status RevisionMaker::installPackages(const Candidate& candidate,
                                            const RevisionContents& contents,
                                            StagedRevision& staged, bool onlyReuse) {
  std::map<std::string, fs::path> done;  // what npm was asked → a node_modules that answers it
  std::size_t count = 0;
  for (const std::string& folder : contents.packageFolders) {
    if (carriesPackages(candidate, folder)) {
      continue;
    }
    auto plan = planOf(staged.folder, folder);
    if (!plan) {
      return plan.error();
    }
    staged.warnings.insert(staged.warnings.end(), plan->warnings.begin(), plan->warnings.end());
    if (plan->document.empty()) {
      continue;
    }
    const fs::path target = staged.folder / folder;
    const std::string asked = plan->document + plan->lock.value_or("");
    fs::path source = reusable(candidate, *plan);
    if (!onlyReuse && !isComplete(source, *plan)) {
      source.clear();
    }
    if (source.empty() && done.contains(asked)) {
      source = done.at(asked);
    }
    if (!source.empty()) {
      if (auto status = linkTree(source, target / "node_modules"); !status) {
        return status;
      }
    } else if (!onlyReuse) {
      const auto warnings = packages_.install(
          *plan, target, staged.folder.string() + "-npm-" + std::to_string(count++));
      if (!warnings) {
        return warnings.error();
      }
      staged.warnings.insert(staged.warnings.end(), warnings->begin(), warnings->end());
    }
    std::error_code ignored;
    if (fs::is_directory(target / "node_modules", ignored)) {
      done.emplace(asked, target / "node_modules");
      staged.revision->installed.push_back(folder);
    }
  }
  return {};
}

base::Status RevisionMaker::inspect(const RevisionContents& contents, StagedRevision& staged) {
  InspectionOrder order{staged.folder, {}, contents.auths, contents.quotas};
  for (const Component& component : contents.components) {
    if (component.loadError.empty()) {
      order.components.emplace(component.name, component.dir);
    }
  }
  auto inspection = inspector_.inspect(order);
  if (!inspection) {
    return inspection.error();
  }
  Revision& revision = *staged.revision;
  for (Component& component : revision.components) {
    if (const auto at = inspection->componentErrors.find(component.name);
        at != inspection->componentErrors.end()) {
      component.loadError = at->second;
    }
    if (const auto at = inspection->methods.find(component.name); at != inspection->methods.end()) {
      component.setMethods(at->second);
    }
    if (const auto at = inspection->usesScope.find(component.name); at != inspection->usesScope.end()) {
      component.usesScope = at->second;
    }
    if (!component.loadError.empty()) {
      staged.warnings.push_back(component.name + " does not load: " + component.loadError);
    }
  }
  revision.auths = std::move(inspection->auths);
  for (const AuthModule& module : revision.auths) {
    if (!module.loadError.empty()) {
      staged.warnings.push_back(module.dir + "/auth.js does not load: " + module.loadError);
    }
  }
  revision.quotas = std::move(inspection->quotas);
  revision.usesState = inspection->usesState;
  revision.usesDescriptor = inspection->usesDescriptor;
  return checkSomethingLoads(revision);
}

base::Result<StagedRevision> RevisionMaker::make(const Candidate& candidate, const fs::path& folder,
                                                 const Step& step) {
  RevisionContents contents;
  auto staged = begin(candidate, folder, contents);
  if (!staged) {
    return staged;
  }
  step("dependencies");
  if (auto status = installPackages(candidate, contents, *staged, false); !status) {
    return status.error();
  }
  step("inspect");
  if (auto status = inspect(contents, *staged); !status) {
    return status.error();
  }
  return staged;
}

base::Result<StagedRevision> RevisionMaker::makeLess(const Candidate& candidate,
                                                     const fs::path& folder) {
  RevisionContents contents;
  auto staged = begin(candidate, folder, contents);
  if (!staged) {
    return staged;
  }
  if (auto status = installPackages(candidate, contents, *staged, true); !status) {
    return status.error();
  }
  Revision& revision = *staged->revision;
  const Revision& previous = *candidate.previous;
  for (Component& component : revision.components) {
    if (const Component* before = previous.find(component.name)) {
      component.loadError = before->loadError;
      component.setMethods(before->methods());
      component.usesScope = before->usesScope;
    }
  }
  for (const AuthModule& module : previous.auths) {
    if (contents.auths.contains(module.service)) {
      revision.auths.push_back(module);
    }
  }
  json::object quotas;
  for (const auto& [name, ignored] : contents.quotas) {
    if (const json::value* rules = json::find(previous.quotas, name)) {
      quotas[name] = *rules;
    }
  }
  revision.quotas = std::move(quotas);
  revision.usesState = previous.usesState;
  revision.usesDescriptor = previous.usesDescriptor;
  return staged;
}

}  // namespace patchbay::connectors
