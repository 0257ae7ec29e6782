#include "connectors/connector_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/clock.h"
#include "base/json.h"
#include "connectors/bundle_composition.h"
#include "connectors/bundle_contract.h"
#include "connectors/bundle_layout.h"
#include "connectors/bundle_summary.h"
#include "connectors/bundle_writer.h"
#include "connectors/changelog.h"
#include "connectors/manifest.h"
#include "connectors/semver.h"
#include "store/bundles.h"

namespace patchbay::connectors {
namespace {

constexpr std::uint64_t kMaxDownloadBytes = 512ULL << 20;

// How the connector presents itself: as installed, else as its newest offer does.
struct Face {
  std::string label, description, category, icon;
};

Face faceOf(const Revision& revision) {
  const auto service = revision.root / dottedToPath(serviceOf(revision.bundle)) / "service.json";
  const App app = appOfBundle(revision.bundle, revision.apps, service);
  return {app.label, app.description, app.category, app.icon};
}

Face faceOf(const Offer& offer) {
  return {offer.label, offer.description, offer.category, offer.icon};
}

json::value timeOrNull(std::int64_t millis) {
  return millis == 0 ? json::value(nullptr) : json::value(base::toIso(base::fromMillis(millis)));
}

json::value textOrNull(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

std::string engineOf(const Revision& revision) {
  return revision.bundleManifest.is_object()
             ? json::getString(revision.bundleManifest.get_object(), "engine")
             : "";
}

const json::value& changelogOf(const Revision& revision) {
  static const json::value kNone;
  const json::value* told = revision.bundleManifest.is_object()
                                ? json::find(revision.bundleManifest, "changelog")
                                : nullptr;
  return told ? *told : kNone;
}

bool isDeprecated(const Component& component) {
  return component.manifest.is_object() &&
         json::getBool(component.manifest.get_object(), "deprecated");
}

json::array componentsOf(const Revision& revision) {
  json::array components;
  for (const Component& component : revision.components) {
    json::object row = componentSummary(component);
    row["version"] = component.version;
    row["private"] = component.isPrivate;
    row["deprecated"] = isDeprecated(component);
    if (!component.loadError.empty()) {
      row["loadError"] = component.loadError;
    }
    components.push_back(std::move(row));
  }
  return components;
}

json::array componentsOf(const Offer& offer) {
  json::array components;
  for (const json::value& told : offer.components) {
    if (told.is_object()) {
      json::object row = told.get_object();
      row["version"] = nullptr;
      row["private"] = json::getBool(told.get_object(), "private");
      row["deprecated"] = false;
      components.push_back(std::move(row));
    }
  }
  return components;
}

json::array modulesOf(const json::array& components) {
  std::set<std::string> modules;
  for (const json::value& component : components) {
    const std::string name = json::getString(component.as_object(), "name");
    modules.insert(name.substr(0, std::min(name.rfind('.'), name.size())));
  }
  return json::toArray({modules.begin(), modules.end()});
}

std::string colonName(std::string name) {
  std::replace(name.begin(), name.end(), '.', ':');
  return name;
}

// The service whose account its components use: its own when they do, else the first.
std::string authServiceOf(const Revision& revision) {
  std::set<std::string> services;
  for (const Component& component : revision.components) {
    if (!component.authService.empty()) {
      services.insert(component.authService);
    }
  }
  for (const std::string& own :
       {colonName(revision.bundle), colonName(serviceOf(revision.bundle))}) {
    if (services.contains(own)) {
      return own;
    }
  }
  return services.empty() ? "" : *services.begin();
}

// What an administrator has to write into the service's configuration before anybody can sign in.
json::array requiredKeys(std::string_view type) {
  if (type == "oauth2") {
    return {"clientId", "clientSecret"};
  }
  return type == "oauth" ? json::array{"consumerKey", "consumerSecret"} : json::array();
}

json::value authOf(const Registry& registry, const Revision& revision) {
  const std::string service = authServiceOf(revision);
  if (service.empty()) {
    return nullptr;
  }
  std::shared_ptr<const Revision> holder;
  const AuthModule* module = registry.findAuth(service, holder);
  const std::string type = module ? module->type : "";
  return json::object{
      {"service", service}, {"type", textOrNull(type)}, {"requiredKeys", requiredKeys(type)}};
}

json::value quotaOf(const Revision& revision) {
  if (!revision.quotas.is_object() || revision.quotas.get_object().empty()) {
    return nullptr;
  }
  const json::object& quotas = revision.quotas.get_object();
  const std::string own = colonName(revision.bundle);
  const std::string first(quotas.begin()->key());
  return json::object{{"name", quotas.contains(own) ? own : first}};
}

bool isOlder(const std::string& left, const std::string& right) {
  const auto one = parseVersion(left);
  const auto other = parseVersion(right);
  return one && other && *one < *other;
}

// One version of a connector, from wherever it is known.
struct VersionRow {
  std::shared_ptr<const Revision> revision;
  const Offer* offer = nullptr;
};
using VersionRows = std::map<Version, std::vector<VersionRow>, std::greater<>>;

json::object toJson(const VersionRow& row, bool isInstalled, std::int64_t trashedAt) {
  const std::string engine = row.revision ? engineOf(*row.revision) : row.offer->engine;
  const auto range = Range::parse(engine);
  return {
      {"version", row.revision ? row.revision->version : row.offer->version},
      {"revision", row.revision ? json::value(row.revision->id) : json::value(nullptr)},
      {"installed", isInstalled},
      {"trashed", trashedAt != 0},
      {"offered", row.offer != nullptr},
      {"engine", textOrNull(engine)},
      {"compatible", engine.empty() || (range && range->contains(*parseVersion(kEngineVersion)))},
      {"installedAt", timeOrNull(row.revision ? row.revision->installedAt : 0)},
      {"trashedAt", timeOrNull(trashedAt)}};
}

base::Error unknown(const std::string& name) {
  return base::fail(base::Code::kNotFound,
                    "There is no connector \"" + name +
                        "\": it is neither installed nor in a catalogue of this server.");
}

}  // namespace

const Offer* ConnectorRows::Known::available() const {
  const auto fits = std::find_if(offers.begin(), offers.end(),
                                 [](const Offer* offer) { return offer->fitsEngine; });
  return fits != offers.end() ? *fits : offers.empty() ? nullptr : offers.front();
}

bool ConnectorRows::Known::hasUpdate() const {
  const Offer* newest = available();
  return installed && newest && newest->fitsEngine && isOlder(installed->version, newest->version);
}

std::vector<ConnectorRows::Known> ConnectorRows::all() const {
  std::map<std::string, Known> known;
  for (const auto& revision : registry_.allCurrent()) {
    known[revision->bundle].installed = revision;
  }
  const auto catalogue = catalogues_.offers();
  for (const Offer& offer : catalogue->offers) {
    known[offer.name].offers.push_back(&offer);
  }
  std::vector<Known> out;
  for (auto& [name, one] : known) {
    one.name = name;
    one.catalogue = catalogue;
    out.push_back(std::move(one));
  }
  return out;
}

base::Result<ConnectorRows::Known> ConnectorRows::find(const std::string& name) const {
  Known known{name, registry_.current(name), {}, catalogues_.offers()};
  for (const Offer& offer : known.catalogue->offers) {
    if (offer.name == name) {
      known.offers.push_back(&offer);
    }
  }
  return known.installed || !known.offers.empty() ? base::Result<Known>(std::move(known))
                                                  : base::Result<Known>(unknown(name));
}

json::object ConnectorRows::row(const Known& known) const {
  const Offer* newest = known.available();
  const Face face = known.installed ? faceOf(*known.installed) : faceOf(*newest);
  const bool hasUpdate = known.hasUpdate();
  std::int64_t installedAt = 0;
  if (known.installed) {
    installedAt = known.installed->installedAt;
    for (const auto& revision : registry_.allOf(known.name)) {
      installedAt = std::min(installedAt, revision->installedAt);
    }
  }
  const auto ticket = operation_ ? operation_(known.name) : std::nullopt;
  const auto offered = [&] { return parseVersion(newest->version); };
  return {{"name", known.name},
          {"label", face.label},
          {"description", face.description},
          {"category", face.category},
          {"icon", readIcon(face.icon) ? json::value(face.icon) : json::value(nullptr)},
          {"vendor", vendorOf(known.name)},
          {"source", newest ? "marketplace" : "published"},
          {"installed", known.installed != nullptr},
          {"installedVersion",
           known.installed ? json::value(known.installed->version) : json::value(nullptr)},
          {"availableVersion", newest ? json::value(newest->version) : json::value(nullptr)},
          {"updateAvailable", hasUpdate},
          {"breaking", hasUpdate && isDeclaredBreaking(*parseVersion(known.installed->version),
                                                       *offered(), newest->changelog)},
          {"compatible", newest ? newest->fitsEngine : true},
          {"installedAt", timeOrNull(installedAt)},
          {"updatedAt", timeOrNull(known.installed ? known.installed->installedAt : 0)},
          {"operation", ticket ? json::value(*ticket) : json::value(nullptr)}};
}

json::array ConnectorRows::rows() const {
  json::array rows;
  for (const Known& known : all()) {
    rows.push_back(row(known));
  }
  return rows;
}

base::Result<json::object> ConnectorRows::detail(const std::string& name) const {
  const auto known = find(name);
  if (!known) {
    return known.error();
  }
  const Offer* newest = known->available();
  std::set<Version, std::greater<>> versions;
  for (const Offer* offer : known->offers) {
    versions.insert(*parseVersion(offer->version));
  }
  if (known->installed) {
    versions.insert(parseVersion(known->installed->version).value_or(Version()));
  }
  json::array texts;
  for (const Version& version : versions) {
    texts.emplace_back(version.text());
  }
  json::object detail = row(*known);
  json::array components =
      known->installed ? componentsOf(*known->installed) : componentsOf(*newest);
  detail["modules"] = modulesOf(components);
  detail["components"] = std::move(components);
  detail["versions"] = std::move(texts);
  detail["engine"] = textOrNull(known->installed ? engineOf(*known->installed) : newest->engine);
  detail["auth"] = known->installed ? authOf(registry_, *known->installed) : json::value(nullptr);
  detail["quota"] = known->installed ? quotaOf(*known->installed) : json::value(nullptr);
  return detail;
}

base::Result<json::array> ConnectorRows::versions(const std::string& name) const {
  const auto revisions = registry_.allOf(name);
  const auto known = find(name);
  if (!known && revisions.empty()) {
    return known.error();
  }
  VersionRows rows;
  for (const auto& revision : revisions) {
    if (const auto version = parseVersion(revision->version)) {
      rows[*version].push_back({revision, nullptr});
    }
  }
  for (const Offer* offer : known ? known->offers : std::vector<const Offer*>()) {
    auto& same = rows[*parseVersion(offer->version)];
    if (same.empty()) {
      same.emplace_back();
    }
    for (VersionRow& row : same) {
      row.offer = offer;
    }
  }
  std::map<std::string, std::int64_t> trashed;
  const base::Status read = store_.read([&](store::Transaction& tx) {
    for (const auto& revision : revisions) {
      const auto record = tx.bundles().byId(revision->id);
      trashed[revision->id] =
          record && record->trashed ? std::max<std::int64_t>(record->trashedAt, 1) : 0;
    }
  });
  if (!read) {
    return read.error();
  }
  json::array out;
  for (const auto& [version, same] : rows) {
    for (const VersionRow& row : same) {
      const bool isInstalled = known && row.revision && row.revision == known->installed;
      out.push_back(toJson(row, isInstalled, row.revision ? trashed[row.revision->id] : 0));
    }
  }
  return out;
}

base::Result<json::array> ConnectorRows::changelog(const std::string& name, std::string_view from,
                                                   std::string_view to) const {
  const auto known = find(name);
  if (!known) {
    return known.error();
  }
  ChangelogRange range{parseVersion(from), parseVersion(to)};
  for (const auto& [text, version] : {std::pair(from, range.above), std::pair(to, range.upTo)}) {
    if (!text.empty() && text != "0" && !version) {
      return base::fail(base::Code::kInvalid,
                        "\"from\" and \"to\" must be versions such as 1.2.3, or \"from\" 0.");
    }
  }
  const std::string installed = known->installed ? known->installed->version : "";
  if (from.empty()) {
    range.above = parseVersion(installed);
  }
  // The newest one's changelog tells of all before it.
  const Offer* newest = known->available();
  const bool isOffer = newest && (!known->installed || isOlder(installed, newest->version));
  if (to.empty() && isOffer) {
    range.upTo = parseVersion(newest->version);
  }
  if (range.upTo && !known->offers.empty() &&
      isOlder(isOffer ? newest->version : installed, range.upTo->text())) {
    newest = known->offers.front();  // asked for one that does not fit this server
    return changelogEntries(newest->changelog, *parseVersion(newest->version), range);
  }
  return isOffer ? changelogEntries(newest->changelog, *parseVersion(newest->version), range)
                 : changelogEntries(changelogOf(*known->installed),
                                    parseVersion(installed).value_or(Version()), range);
}

base::Result<ConnectorZip> ConnectorRows::download(const std::string& name,
                                                   std::string_view version) const {
  const auto known = find(name);
  const auto revisions = registry_.allOf(name);
  if (!known && revisions.empty()) {
    return known.error();
  }
  const auto wanted = parseVersion(version);
  if (!version.empty() && !wanted) {
    return base::fail(base::Code::kInvalid, "\"version\" must be a version such as 1.2.3.");
  }
  std::shared_ptr<const Revision> revision = known ? known->installed : nullptr;
  if (wanted && (!revision || parseVersion(revision->version) != wanted)) {
    revision = nullptr;
    for (const auto& one : revisions) {
      if (parseVersion(one->version) == wanted &&
          (!revision || one->installedAt > revision->installedAt)) {
        revision = one;
      }
    }
  }
  if (revision) {
    auto zip = writeZip(publishedFiles(*revision), kMaxDownloadBytes);
    return zip ? base::Result<ConnectorZip>(ConnectorZip{name, revision->version, std::move(*zip)})
               : base::Result<ConnectorZip>(zip.error());
  }
  const auto offer = catalogues_.find(name, wanted  ? version
                                            : known ? known->available()->version
                                                    : "");
  if (!offer) {
    return base::fail(base::Code::kConflict,
                      (version.empty() ? "No version" : "Version " + std::string(version)) +
                          " of " + name +
                          " is not at hand: it is neither installed nor in a catalogue.");
  }
  auto zip = readOffer(*offer);
  if (!zip) {
    return base::fail(base::Code::kConflict, "Version " + offer->version + " of " + name +
                                                 " is not at hand: " + zip.error().message);
  }
  return ConnectorZip{name, offer->version, std::move(*zip)};
}

base::Result<Icon> ConnectorRows::icon(const std::string& name) const {
  const auto known = find(name);
  if (!known) {
    return known.error();
  }
  const Face face = known->installed ? faceOf(*known->installed) : faceOf(*known->available());
  auto icon = readIcon(face.icon);
  return icon ? base::Result<Icon>(std::move(*icon))
              : base::Result<Icon>(
                    base::fail(base::Code::kNotFound, "Connector " + name + " has no icon."));
}

}  // namespace patchbay::connectors
