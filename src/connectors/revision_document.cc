#include "connectors/revision_document.h"

#include <exception>

#include "base/json.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace {

json::array componentsOf(const Revision& revision) {
  json::array out;
  for (const Component& component : revision.components) {
    json::object row{{"dir", component.dir},
                     {"manifest", component.manifest},
                     {"config", component.configService},
                     {"methods", json::toArray(component.methods())},
                     {"usesScope", component.usesScope}};
    if (!component.loadError.empty()) {
      row["loadError"] = component.loadError;
    }
    out.push_back(std::move(row));
  }
  return out;
}

json::array authsOf(const Revision& revision) {
  json::array out;
  for (const AuthModule& module : revision.auths) {
    out.push_back(json::object{{"service", module.service},
                               {"dir", module.dir},
                               {"type", module.type},
                               {"fields", module.fields},
                               {"loadError", module.loadError}});
  }
  return out;
}

json::array appsOf(const Revision& revision) {
  json::array out;
  for (const App& app : revision.apps) {
    out.push_back(app.manifest);
  }
  return out;
}

const json::value& member(const json::object& document, std::string_view key) {
  static const json::value kNull;
  const json::value* found = json::find(document, key);
  return found ? *found : kNull;
}

void readParts(const json::object& document, Revision& revision) {
  const bool anyUsesScope = json::getBool(document, "usesScope", true);  // all that revisions knew which were installed long ago
  for (const json::value& row : json::getArray(document, "components")) {
    Component component = describeComponent(row.as_object().at("manifest"));
    component.dir = json::getString(row.as_object(), "dir");
    component.configService = json::getString(row.as_object(), "config");
    component.loadError = json::getString(row.as_object(), "loadError");
    if (json::find(row, "methods") != nullptr) {
      component.setMethods(json::getStrings(row.as_object(), "methods"));
    }
    component.usesScope = json::getBool(row.as_object(), "usesScope", anyUsesScope);
    revision.components.push_back(std::move(component));
  }
  for (const json::value& row : json::getArray(document, "auths")) {
    const json::object& members = row.as_object();
    revision.auths.push_back({json::getString(members, "service"), json::getString(members, "dir"),
                              json::getString(members, "type"), member(members, "fields"),
                              json::getString(members, "loadError")});
  }
  for (const json::value& manifest : json::getArray(document, "apps")) {
    revision.apps.push_back(describeApp(manifest));
  }
}

}  // namespace

store::RevisionRecord toRecord(const Revision& revision) {
  const json::object document{{"format", 1},
                              {"components", componentsOf(revision)},
                              {"auths", authsOf(revision)},
                              {"apps", appsOf(revision)},
                              {"bundle", revision.bundleManifest},
                              {"quotas", revision.quotas},
                              {"usesState", revision.usesState},
                              {"usesDescriptor", revision.usesDescriptor},
                              {"installed", json::toArray(revision.installed)}};
  store::RevisionRecord record;
  record.id = revision.id;
  record.bundle = revision.bundle;
  record.version = revision.version;
  record.document = json::write(document);
  record.installedAt = revision.installedAt;
  return record;
}

base::Result<std::shared_ptr<Revision>> fromRecord(const store::RevisionRecord& record,
                                                   const std::filesystem::path& bundles) {
  auto revision = std::make_shared<Revision>();
  revision->id = record.id;
  revision->bundle = record.bundle;
  revision->version = record.version;
  revision->root = bundles / record.id;
  revision->installedAt = record.installedAt;
  try {
    const json::value parsed = json::parseOwn(record.document);
    const json::object& document = parsed.as_object();
    readParts(document, *revision);
    revision->bundleManifest = member(document, "bundle");
    revision->quotas = member(document, "quotas");
    revision->usesState = json::getBool(document, "usesState", true);
    revision->usesDescriptor = json::getBool(document, "usesDescriptor", true);
    revision->installed = json::getStrings(document, "installed");
  } catch (const std::exception& failure) {
    return base::fail(base::Code::kInternal,
                      "The stored revision " + record.id + " cannot be read: " + failure.what());
  }
  revision->worker =
      std::make_shared<runtime::WorkerSpec>(runtime::WorkerSpec{revision->id, revision->root});
  return revision;
}

}  // namespace patchbay::connectors
