#include "connectors/listing.h"

#include <map>

#include "base/json.h"
#include "connectors/manifest.h"
#include "connectors/semver.h"

namespace patchbay::connectors {
namespace {

std::string parentOf(std::string_view dotted) {
  return std::string(dotted.substr(0, dotted.rfind('.')));
}

bool covers(std::string_view selector, std::string_view name) {
  return selector.empty() || name == selector ||
         (name.starts_with(selector) && name[selector.size()] == '.');
}

// The current owner of each type, by type.
std::map<std::string, Found> currentTypes(const Registry& registry) {
  std::map<std::string, Found> types;
  for (const auto& revision : registry.allCurrent()) {
    for (const Component& component : revision->components) {
      types[component.name] = registry.find(component.name);
    }
  }
  std::erase_if(types, [](const auto& row) { return !row.second; });
  return types;
}

json::array withNames(const json::value& ports) {
  json::array out;
  for (const json::value& port : ports.as_array()) {
    out.push_back(port.is_string() ? json::value(json::object{{"name", port.as_string()}}) : port);
  }
  return out;
}

json::object shownApp(const App& app, const Revision& revision) {
  json::object out{{"name", app.name},         {"label", app.label},
                   {"category", app.category}, {"description", app.description},
                   {"icon", app.icon},         {"version", revision.version}};
  for (const char* key : {"index", "categoryIndex", "categoryLabel", "localization"}) {
    if (const json::value* member = json::find(app.manifest, key)) {
      out[key] = *member;
    }
  }
  return out;
}

}  // namespace

json::object shownManifest(const Component& component) {
  json::object out = component.manifest.as_object();
  for (const char* key : {"inPorts", "outPorts"}) {
    if (const json::value* ports = json::find(out, key); ports && ports->is_array()) {
      out[key] = withNames(*ports);
    }
  }
  out["label"] = component.label;
  out["version"] = component.version;
  if (!component.loadError.empty()) {
    out["loadError"] = component.loadError;
  }
  return out;
}

json::object listApps(const Registry& registry, const Visible& visible) {
  std::map<std::string, json::object> apps;
  for (const auto& revision : registry.allCurrent()) {
    std::map<std::string, const App*> own;
    for (const App& app : revision->apps) {
      own.emplace(app.name, &app);
    }
    for (const Component& component : revision->components) {
      const std::string module = parentOf(component.name);
      auto at = own.find(module);
      at = at == own.end() ? own.find(parentOf(module)) : at;
      if (at != own.end() && visible(component) &&
          !json::getBool(at->second->manifest.as_object(), "private")) {
        apps.emplace(at->first, shownApp(*at->second, *revision));
      }
    }
  }
  json::object out;
  for (auto& [name, app] : apps) {
    out[name] = std::move(app);
  }
  return out;
}

json::array listManifests(const Registry& registry, std::string_view selector,
                          const Visible& visible) {
  json::array out;
  for (const auto& [type, found] : currentTypes(registry)) {
    if (covers(selector, type) && visible(*found.component)) {
      out.push_back(shownManifest(*found.component));
    }
  }
  return out;
}

json::array listTypes(const Registry& registry, std::string_view selector, const Visible& visible) {
  json::array out;
  for (const auto& [type, found] : currentTypes(registry)) {
    if (covers(selector, type) && visible(*found.component)) {
      out.emplace_back(type);
    }
  }
  return out;
}

json::array listBundles(const Registry& registry) {
  std::map<std::string, std::pair<std::string, std::string>> rows;  // name → bundle, version
  const auto add = [&rows](const std::string& name, const Revision& revision) {
    const auto [at, isNew] = rows.try_emplace(name, revision.bundle, revision.version);
    const auto before = parseVersion(at->second.second);
    const auto now = parseVersion(revision.version);
    const bool isNamesake = revision.bundle == name;
    if (!isNew && (isNamesake || (at->second.first != name && before && now && *before < *now))) {
      at->second = {revision.bundle, revision.version};
    }
  };
  for (const auto& revision : registry.allCurrent()) {
    add(revision->bundle, *revision);
    if (nameParts(revision->bundle).size() == 3) {
      add(parentOf(revision->bundle), *revision);
    }
    for (const Component& component : revision->components) {
      add(parentOf(component.name), *revision);
      add(parentOf(parentOf(component.name)), *revision);
    }
  }
  json::array out;
  for (const auto& [name, row] : rows) {
    out.push_back(json::object{{"name", name}, {"bundleId", name}, {"version", row.second}});
  }
  return out;
}

}  // namespace patchbay::connectors
