#include "connectors/package_plan.h"

#include <algorithm>
#include <array>
#include <functional>

#include "base/json.h"
#include "connectors/bundle_layout.h"
#include "connectors/entry_name.h"

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxDependencies = 300;
constexpr std::size_t kMaxLockPackages = 20'000;

base::Error refuse(std::string_view folder, const std::string& why) {
  return base::fail(base::Code::kBundleRefused, "The dependencies of " + shownName(folder) +
                                                    " were refused: " + why +
                                                    ". Nothing was installed.");
}

// Provided by the server to every component (runtime-js/ambient), never from a registry.
bool isAmbientOnly(std::string_view package) {
  return package == "appmixer-lib";
}

bool isNamePart(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.size() <= 214 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == '~';
         });
}

bool isPackageName(std::string_view name) {
  if (!name.starts_with('@')) {
    return isNamePart(name);
  }
  const std::size_t slash = name.find('/');
  return slash != std::string_view::npos && isNamePart(name.substr(1, slash - 1)) &&
         isNamePart(name.substr(slash + 1));
}

// A range of versions or a tag of the registry.
bool isRegistrySpec(std::string_view spec) {
  return spec.size() <= 256 && std::all_of(spec.begin(), spec.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(" .-_+*^~<>=|").find(c) != std::string_view::npos;
         });
}

// "npm:name@range": another package under this name.
bool isAlias(std::string_view spec) {
  if (!spec.starts_with("npm:")) {
    return false;
  }
  spec.remove_prefix(4);
  const std::size_t at = spec.rfind('@');
  const bool hasRange = at != std::string_view::npos && at > 0;
  return isPackageName(hasRange ? spec.substr(0, at) : spec) &&
         (!hasRange || isRegistrySpec(spec.substr(at + 1)));
}

// Code that lies elsewhere on the network than in a registry: a repository, or an archive at an address.
bool isElsewhere(std::string_view spec) {
  for (const std::string_view scheme : {"https://", "http://", "git://", "git+https://", "git+http://", "git+ssh://", "ssh://",
                                        "github:", "gitlab:", "bitbucket:", "gist:"}) {
    if (spec.starts_with(scheme)) {
      return true;
    }
  }
  const std::size_t slash = spec.find('/');  // "owner/repository#branch"
  return slash != std::string_view::npos && spec.front() != '~' && isNamePart(spec.substr(0, slash)) &&
         isNamePart(spec.substr(slash + 1, spec.find('#') - slash - 1));
}

class Plan {
 public:
  explicit Plan(std::string_view folder) { plan_.folder = folder; }

  base::Result<PackagePlan> run(std::string_view packageJson,
                                const std::optional<std::string>& packageLock) {
    auto parsed = json::parse(packageJson, "package.json", 32);
    if (!parsed || !parsed->is_object()) {
      return refuse(plan_.folder,
                    parsed ? "package.json is not an object" : parsed.error().message);
    }
    json::object out{{"name", "connector"}, {"version", "1.0.0"}, {"private", true}};
    std::size_t wanted = 0;
    for (const char* group : {"dependencies", "optionalDependencies", "peerDependencies"}) {
      auto taken = take(parsed->as_object(), group);
      if (!taken) {
        return taken.error();
      }
      wanted += taken->size();
      if (!taken->empty()) {
        out[group] = std::move(taken).value();
      }
    }
    if (wanted == 0) {
      return std::move(plan_);
    }
    if (packageLock) {
      plan_.lock = lockOf(*packageLock, out);
    }
    plan_.document = json::write(out);
    return std::move(plan_);
  }

 private:
  base::Result<json::object> take(const json::object& package, const char* group) {
    const json::value* wanted = json::find(package, group);
    if (!wanted) {
      return json::object();
    }
    if (!wanted->is_object() || wanted->as_object().size() > kMaxDependencies) {
      return refuse(plan_.folder, std::string(group) + " should be an object of at most " +
                                      std::to_string(kMaxDependencies) + " packages");
    }
    json::object out;
    for (const auto& [key, spec] : wanted->as_object()) {
      const std::string name(key);
      if (isAmbientOnly(name)) {
        plan_.warnings.push_back(plan_.folder + ": " + name +
                                 " is the server's own and is not installed");
        continue;
      }
      if (auto status = check(name, spec); !status) {
        return status.error();
      }
      if (isElsewhere(spec.as_string())) {
        plan_.warnings.push_back(plan_.folder + ": " + name + " is asked for as \"" + shownName(spec.as_string()) +
                                 "\", which is not fetched; what needs it does not load. Ask for a version from the registry, or ship "
                                 "the package in the bundle's node_modules");
        continue;
      }
      out[name] = spec;
    }
    return out;
  }

  base::Status check(const std::string& name, const json::value& spec) const {
    if (!isPackageName(name)) {
      return refuse(plan_.folder, "\"" + shownName(name) + "\" is not a package's name");
    }
    if (!spec.is_string()) {
      return refuse(plan_.folder, "the version of " + name + " should be a string");
    }
    const std::string_view text = spec.as_string();
    if (isRegistrySpec(text) || isAlias(text) || isElsewhere(text)) {
      return {};
    }
    return refuse(plan_.folder, name + " is asked for as \"" + shownName(text) +
                                    "\", which reaches past the registry. Ask for a version from the registry, or ship the "
                                    "package in the bundle's node_modules");
  }

  // A lock without addresses: npm takes them from the registry in use and still checks the hashes.
  // Nothing when the lock does not fit or holds anything but registry packages.
  std::optional<std::string> lockOf(const std::string& text, const json::object& package) {
    auto parsed = json::parse(text, "package-lock.json", 32);
    if (!parsed || !parsed->is_object() ||
        json::getInt(parsed->as_object(), "lockfileVersion").value_or(0) < 2) {
      return ignoreLock("cannot be read or is older than version 2");
    }
    const json::object& packages = json::getObject(parsed->as_object(), "packages");
    if (packages.empty() || packages.size() > kMaxLockPackages) {
      return ignoreLock("has no packages");
    }
    json::object root(package);
    json::object out{{"", root}};
    for (const auto& [key, value] : packages) {
      if (key.empty()) {
        continue;
      }
      if (!value.is_object() || !key.starts_with("node_modules/") ||
          value.as_object().contains("link") || !json::find(value.as_object(), "integrity")) {
        return ignoreLock("holds a package that is not from a registry");
      }
      if (json::getBool(value.as_object(), "dev")) {
        continue;
      }
      json::object row = value.as_object();
      json::eraseKey(row, "resolved");
      out[key] = std::move(row);
    }
    return json::write(json::object{{"name", "connector"},
                                    {"version", "1.0.0"},
                                    {"lockfileVersion", 3},
                                    {"requires", true},
                                    {"packages", std::move(out)}});
  }

  std::nullopt_t ignoreLock(const std::string& why) {
    plan_.warnings.push_back(plan_.folder + ": package-lock.json " + why + " and is not used");
    return std::nullopt;
  }

  PackagePlan plan_;
};

constexpr std::array kRequiredGroups{"dependencies", "peerDependencies"};

// `keeps(group, package)` says what stays.
PackagePlan filtered(const PackagePlan& plan,
                     const std::function<bool(std::string_view group, const std::string&)>& keeps) {
  json::object document = json::parse(plan.document, "package.json", 32).value().as_object();
  for (const char* group : {"dependencies", "optionalDependencies", "peerDependencies"}) {
    json::object kept;
    for (const auto& [package, spec] : json::getObject(document, group)) {
      if (keeps(group, std::string(package))) {
        kept[package] = spec;
      }
    }
    json::eraseKey(document, group);
    if (!kept.empty()) {
      document[group] = std::move(kept);
    }
  }
  return {plan.folder, json::write(document), std::nullopt, {}};
}

bool holds(const std::vector<std::string>& packages, const std::string& package) {
  return std::find(packages.begin(), packages.end(), package) != packages.end();
}

}  // namespace

std::vector<std::string> requiredPackages(const PackagePlan& plan) {
  std::vector<std::string> out;
  const auto document = json::parse(plan.document, "package.json", 32);
  for (const char* group : kRequiredGroups) {
    for (const auto& [package, spec] : json::getObject(document->as_object(), group)) {
      if (!holds(out, std::string(package))) {
        out.emplace_back(package);
      }
    }
  }
  return out;
}

PackagePlan planOnly(const PackagePlan& plan, const std::string& package) {
  return filtered(plan, [&package](std::string_view group, const std::string& one) {
    return one == package && group != "optionalDependencies";
  });
}

PackagePlan planWithout(const PackagePlan& plan, const std::vector<std::string>& packages) {
  return filtered(plan, [&packages](std::string_view, const std::string& one) {
    return !holds(packages, one);
  });
}

base::Result<PackagePlan> planPackage(std::string_view folder, std::string_view packageJson,
                                      const std::optional<std::string>& packageLock) {
  return Plan(folder).run(packageJson, packageLock);
}

}  // namespace patchbay::connectors
