#include "connectors/manifest.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/json.h"
#include "connectors/entry_name.h"

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxPorts = 256;
constexpr std::size_t kMaxPartBytes = 100;
constexpr std::size_t kMaxNesting = 64;

constexpr std::array<std::string_view, 26> kComponentKeys = {
    "name",     "label",           "author",     "private",      "trigger",     "inPorts",
    "outPorts", "firePatterns",    "auth",       "authConfig",   "config",      "tick",
    "webhook",  "continuityScope", "icon",       "marker",       "description", "shape",
    "state",    "quota",           "properties", "localization", "version",     "dependencies",
    "$schema",  "webhookAsync"};

Fault required(std::string key) {
  return {"", "should have required property '" + key + "'", "required", key};
}

Fault wrongType(std::string path, std::string_view type) {
  return {std::move(path), "should be " + std::string(type), "type", ""};
}

// The document as an object, or a fault in `verdict`.
json::value readObject(std::string_view text, Verdict& verdict) {
  if (text.size() > kMaxManifestBytes) {
    verdict.faults.push_back(
        {"", "is larger than " + std::to_string(kMaxManifestBytes >> 20) + " MiB", "", ""});
    return json::object();
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  auto document = json::parse(text, "the manifest", kMaxNesting);
  if (!document) {
    verdict.faults.push_back({"", document.error().message, "", ""});
    return json::object();
  }
  if (!document->is_object()) {
    verdict.faults.push_back(wrongType("", "object"));
    return json::object();
  }
  return std::move(document).value();
}

bool checkName(const json::object& document, std::size_t parts, Verdict& verdict) {
  const json::value* name = json::find(document, "name");
  if (!name) {
    verdict.faults.push_back(required("name"));
    return false;
  }
  if (!name->is_string() || nameParts(name->as_string()).size() != parts) {
    static constexpr std::string_view kForm[] = {"", "", "vendor.service", "vendor.service.module",
                                                 "vendor.service.module.Component"};
    verdict.faults.push_back(
        {".name", "should be a name of the form " + std::string(kForm[parts]), "pattern", ""});
    return false;
  }
  return true;
}

void checkPort(const json::value& port, const std::string& path, std::set<std::string>& names,
               Verdict& verdict) {
  std::string name;
  if (port.is_string()) {
    name = port.as_string();
  } else if (port.is_object()) {
    name = json::getString(port.as_object(), "name");
  } else {
    verdict.faults.push_back(wrongType(path, "a name or an object with one"));
    return;
  }
  if (name.empty() || name.size() > kMaxPartBytes || shownName(name) != name) {
    verdict.faults.push_back(
        {path + ".name", "should be a port's name of 1 to 100 bytes", "type", ""});
    return;
  }
  if (!names.insert(name).second) {
    verdict.faults.push_back({path, "is a second port \"" + name + "\"", "", ""});
  }
}

void checkPorts(const json::object& document, std::string_view key, Verdict& verdict) {
  const json::value* ports = json::find(document, key);
  const std::string path = "." + std::string(key);
  if (!ports || ports->is_null()) {
    return;
  }
  if (!ports->is_array()) {
    verdict.faults.push_back(wrongType(path, "array"));
    return;
  }
  if (ports->as_array().size() > kMaxPorts) {
    verdict.faults.push_back(
        {path, "has more than " + std::to_string(kMaxPorts) + " ports", "", ""});
    return;
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < ports->as_array().size(); ++i) {
    checkPort(ports->as_array()[i], path + "[" + std::to_string(i) + "]", names, verdict);
  }
}

// Keys whose odd types we can do without: said, not refused.
void warnTypes(const json::object& document, Verdict& verdict) {
  const auto warn = [&](std::string_view key, bool fits, std::string_view type) {
    const json::value* member = json::find(document, key);
    if (member && !fits) {
      verdict.warnings.push_back("." + std::string(key) + " should be " + std::string(type) +
                                 " and is ignored");
    }
  };
  const auto is = [&](std::string_view key, auto test) {
    const json::value* member = json::find(document, key);
    return member && test(*member);
  };
  const auto isText = [](const json::value& value) { return value.is_string(); };
  const auto isObject = [](const json::value& value) { return value.is_object(); };
  for (const std::string_view key :
       {"label", "author", "version", "icon", "description", "marker"}) {
    warn(key, is(key, isText), "string");
  }
  for (const std::string_view key :
       {"auth", "authConfig", "quota", "properties", "state", "localization", "dependencies"}) {
    warn(key, is(key, isObject), "object");
  }
  for (const std::string_view key : {"private", "webhook", "trigger"}) {
    warn(key, is(key, [](const json::value& value) { return value.is_bool(); }), "boolean");
  }
}

std::vector<std::string> portNames(const json::object& document, std::string_view key) {
  std::vector<std::string> names;
  for (const json::value& port : json::getArray(document, key)) {
    std::string name = port.is_string()   ? std::string(port.as_string())
                       : port.is_object() ? json::getString(port.as_object(), "name")
                                          : std::string();
    if (!name.empty()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

void readMaxConnections(const json::object& document, Component& component) {
  for (const json::value& port : json::getArray(document, "inPorts")) {
    if (!port.is_object()) {
      continue;
    }
    const auto limit = json::getInt(port.as_object(), "maxConnections");
    if (limit && *limit >= 0 && *limit <= 1'000'000) {
      component.maxConnections[json::getString(port.as_object(), "name")] =
          static_cast<int>(*limit);
    }
  }
}

// `tick: true`, or `tick: {"period": ms}` for one of its own.
void readTick(const json::object& document, Component& component) {
  const json::value* tick = json::find(document, "tick");
  component.tick = tick && (tick->is_object() || (tick->is_bool() && tick->as_bool()));
  if (tick && tick->is_object()) {
    component.tickPeriodMs =
        std::max<std::int64_t>(0, json::getInt(tick->as_object(), "period").value_or(0));
  }
}

void readServices(const json::object& document, Component& component) {
  const auto parts = nameParts(component.name);
  if (parts.size() >= 2) {
    component.service = parts[0] + ":" + parts[1];
  }
  component.authService = json::getString(json::getObject(document, "auth"), "service");
  component.configService = json::getString(json::getObject(document, "authConfig"), "service");
  if (component.configService.empty()) {
    component.configService = json::getString(document, "config");
  }
  if (component.configService.empty()) {
    component.configService = component.authService;
  }
}

// "GetNumberOfHTTPCalls" → "Get Number Of HTTP Calls".
std::string spaced(std::string_view name) {
  const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool startsWord = i > 0 && isUpper(name[i]) &&
                            (!isUpper(name[i - 1]) ||
                             (i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z'));
    if (startsWord && out.back() != ' ') {
      out += ' ';
    }
    out += name[i] == '_' ? ' ' : name[i];
  }
  return out;
}

AppManifest readApp(std::string_view text, std::size_t parts) {
  AppManifest manifest;
  json::value document = readObject(text, manifest);
  if (!manifest.isFine()) {
    return manifest;
  }
  checkName(document.as_object(), parts, manifest);
  for (const char* key : {"label", "category", "icon", "description"}) {
    const json::value* member = json::find(document.as_object(), key);
    if (!member) {
      manifest.faults.push_back(required(key));
    } else if (!member->is_string()) {
      manifest.faults.push_back(wrongType("." + std::string(key), "string"));
    }
  }
  manifest.app = describeApp(document);
  manifest.isPrivate = json::getBool(document.as_object(), "private");
  return manifest;
}

void checkEngine(const json::object& document, BundleManifest& manifest) {
  const json::value* engine = json::find(document, "engine");
  if (!engine) {
    return;
  }
  if (!engine->is_string() || !Range::parse(engine->as_string())) {
    manifest.faults.push_back(
        {".engine", "should be a range of engine versions, such as \">=6.0.0\"", "pattern", ""});
    return;
  }
  manifest.engine = engine->as_string();
}

void checkChangelog(const json::object& document, BundleManifest& manifest) {
  const json::value* changelog = json::find(document, "changelog");
  if (!changelog || changelog->is_string() || changelog->is_array()) {
    return;  // of no version in particular
  }
  if (!changelog->is_object()) {
    manifest.warnings.push_back(".changelog should be an object: version to list of changes");
    return;
  }
  for (const auto& [of, changes] : changelog->as_object()) {
    if (!changes.is_string() && !changes.is_array()) {
      manifest.warnings.push_back(".changelog[\"" + shownName(of) +
                                  "\"] should be a list of texts");
    }
  }
}

}  // namespace

json::object Fault::toJson() const {
  json::object out;
  if (!keyword.empty()) {
    out["keyword"] = keyword;
  }
  out["dataPath"] = dataPath;
  if (!missingProperty.empty()) {
    out["schemaPath"] = "#/required";
    out["params"] = json::object{{"missingProperty", missingProperty}};
  }
  out["message"] = message;
  return out;
}

std::vector<std::string> nameParts(std::string_view dotted) {
  std::vector<std::string> parts(1);
  for (const char c : dotted) {
    const bool isWord =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (c == '.') {
      parts.emplace_back();
    } else if (isWord && parts.back().size() < kMaxPartBytes) {
      parts.back() += c;
    } else {
      return {};
    }
  }
  const bool isWhole =
      parts.size() <= 4 &&
      std::none_of(parts.begin(), parts.end(), [](const auto& part) { return part.empty(); });
  return isWhole ? parts : std::vector<std::string>();
}

bool BundleManifest::fitsEngine(std::string_view engineVersion) const {
  const auto range = Range::parse(engine);
  const auto ours = parseVersion(engineVersion);
  return engine.empty() || (range && ours && range->contains(*ours));
}

ComponentManifest readComponentManifest(std::string_view text) {
  ComponentManifest manifest;
  const json::value document = readObject(text, manifest);
  if (!manifest.isFine()) {
    return manifest;
  }
  const json::object& members = document.as_object();
  checkName(members, 4, manifest);
  checkPorts(members, "inPorts", manifest);
  checkPorts(members, "outPorts", manifest);
  warnTypes(members, manifest);
  for (const auto& member : members) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::find(kComponentKeys.begin(), kComponentKeys.end(), key) == kComponentKeys.end()) {
      manifest.warnings.push_back("." + shownName(key) +
                                  " is not known to this server and is passed on as it is");
    }
  }
  if (manifest.isFine()) {
    manifest.component = describeComponent(document);
  }
  return manifest;
}

AppManifest readServiceManifest(std::string_view text) {
  return readApp(text, 2);
}
AppManifest readModuleManifest(std::string_view text) {
  return readApp(text, 3);
}

BundleManifest readBundleManifest(std::string_view text) {
  BundleManifest manifest;
  manifest.document = readObject(text, manifest);
  if (!manifest.isFine()) {
    return manifest;
  }
  const json::object& members = manifest.document.as_object();
  const std::string name = json::getString(members, "name");
  checkName(members, nameParts(name).size() == 3 ? 3 : 2, manifest);
  manifest.name = name;
  const json::value* given = json::find(members, "version");
  if (!given) {
    manifest.faults.push_back(required("version"));
  } else if (const auto read = parseVersion(json::getString(members, "version")); read) {
    manifest.version = *read;
  } else {
    manifest.faults.push_back({".version", "should be a version such as \"1.2.3\"", "pattern", ""});
  }
  checkEngine(members, manifest);
  checkChangelog(members, manifest);
  return manifest;
}

Component describeComponent(const json::value& manifest) {
  const json::object& members = manifest.as_object();
  Component component;
  component.name = json::getString(members, "name");
  component.version = json::getString(members, "version", "1.0.0");
  component.label = json::getString(members, "label");
  if (component.label.empty()) {
    component.label = spaced(component.name.substr(component.name.rfind('.') + 1));
  }
  component.inPorts = portNames(members, "inPorts");
  component.outPorts = portNames(members, "outPorts");
  component.isPrivate = json::getBool(members, "private");
  component.webhook = json::getBool(members, "webhook");
  component.persistentState = json::getBool(json::getObject(members, "state"), "persistent");
  readMaxConnections(members, component);
  readTick(members, component);
  readServices(members, component);
  component.manifest = manifest;
  return component;
}

App describeApp(const json::value& manifest) {
  const json::object& members = manifest.as_object();
  App app;
  app.name = json::getString(members, "name");
  app.label = json::getString(members, "label");
  app.category = json::getString(members, "category");
  app.description = json::getString(members, "description");
  app.icon = json::getString(members, "icon");
  app.manifest = manifest;
  return app;
}

}  // namespace patchbay::connectors
