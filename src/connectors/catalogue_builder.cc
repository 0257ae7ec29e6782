#include "connectors/catalogue_builder.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "connectors/bundle_layout.h"
#include "connectors/bundle_reader.h"
#include "connectors/bundle_summary.h"
#include "connectors/bundle_writer.h"
#include "connectors/catalogue.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxIndexBytes = 64ULL << 20;
constexpr std::size_t kMaxFaultsTold = 5;

struct Packed {
  std::string name, version;
  std::string zip;
  json::object row;
};

// The server's own reading of the zip: what it refuses is not packed.
base::Status checkZip(const std::string& zip) {
  auto reader = BundleReader::open(zip, ZipLimits::catalogue());
  if (!reader) {
    return reader.error();
  }
  std::vector<std::string> names;
  std::map<std::string, const BundleReader::Entry*> entries;
  for (const auto& entry : reader->entries()) {
    names.push_back(entry.name);
    entries.emplace(entry.name, &entry);
  }
  const auto layout =
      layOut(names, [&](const std::string& name) { return reader->read(*entries.at(name)); });
  return layout ? base::Status() : base::Status(layout.error());
}

json::object makeRow(const SourceBundle& bundle, const RevisionContents& contents) {
  const auto service = bundle.files.find(dottedToPath(serviceOf(bundle.name)) + "/service.json");
  const App app = appOfBundle(bundle.name, contents.apps,
                              service == bundle.files.end() ? fs::path() : service->second);
  const json::object& manifest = contents.bundleManifest.as_object();
  json::array components;
  for (const Component& component : contents.components) {
    components.push_back(componentSummary(component));
  }
  json::object row{{"name", bundle.name},
                   {"version", parseVersion(json::getString(manifest, "version"))->text()},
                   {"label", app.label},
                   {"category", app.category},
                   {"description", app.description}};
  if (!app.icon.empty()) {
    row["icon"] = app.icon;
  }
  for (const char* key : {"engine", "changelog"}) {
    if (const json::value* member = json::find(manifest, key)) {
      row[key] = *member;
    }
  }
  row["components"] = std::move(components);
  return row;
}

// Something in it must be there for a server: it finds components at one depth only.
base::Status checkLoads(const SourceBundle& bundle, const RevisionContents& contents) {
  const auto& all = contents.components;
  const bool someLoads = std::any_of(all.begin(), all.end(),
                                     [](const Component& one) { return one.loadError.empty(); });
  if (!all.empty() && !someLoads) {
    return base::fail(base::Code::kBundleRefused,
                      "None of its components loads (" + all.front().loadError + ").");
  }
  const auto lost = std::find_if(bundle.files.begin(), bundle.files.end(), [](const auto& file) {
    return fileOf(file.first) == "component.json";
  });
  if (all.empty() && lost != bundle.files.end()) {
    return base::fail(base::Code::kBundleRefused,
                      "No server would find its components: " + lost->first +
                          " does not lie in vendor/service/module/Component/.");
  }
  return {};
}

// The message, and the faults that `data` lists.
std::string reasonOf(const base::Error& error) {
  std::string reason = error.message;
  std::size_t told = 0;
  if (error.data.is_array()) {
    for (const json::value& fault : error.data.get_array()) {
      if (fault.is_object() && told++ < kMaxFaultsTold) {
        const json::object& members = fault.get_object();
        reason +=
            "; " + json::getString(members, "dataPath") + " " + json::getString(members, "message");
      }
    }
  }
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return reason;
}

class Build {
 public:
  explicit Build(const CatalogueOrder& order) : order_(order) {}

  base::Result<CatalogueReport> run() {
    const auto folders = findSourceBundles(order_.from);
    if (!folders) {
      return folders.error();
    }
    if (folders->empty()) {
      return base::fail(base::Code::kNotFound,
                        order_.from.string() + " holds no bundle.json: nothing was written.");
    }
    if (base::Status read = openOut(); !read) {
      return read.error();
    }
    for (const fs::path& folder : *folders) {
      if (base::Status taken = take(folder); !taken) {
        return taken.error();
      }
    }
    if (base::Status written = writeIndex(); !written) {
      return written.error();
    }
    return std::move(report_);
  }

 private:
  using Key = std::pair<std::string, Version>;
  struct NewestFirst {
    bool operator()(const Key& left, const Key& right) const {
      return left.first != right.first ? left.first < right.first : right.second < left.second;
    }
  };

  base::Status openOut() {
    std::error_code failure;
    fs::create_directories(order_.out, failure);
    if (failure) {
      return base::fail(base::Code::kInternal, order_.out.string() + " cannot be made: " +
                                                   failure.message() + ". Nothing was written.");
    }
    const fs::path index = order_.out / "index.json";
    if (!fs::exists(index, failure)) {
      return {};
    }
    const auto standing = readCatalogue(order_.out);
    const auto text = readFile(index, kMaxIndexBytes);
    if (!standing || !text) {
      return (standing ? text.error() : standing.error());
    }
    std::map<Key, const Offer*, NewestFirst> usable;
    for (const Offer& offer : standing->offers) {
      if (readOffer(offer)) {
        usable.emplace(Key(offer.name, *parseVersion(offer.version)), &offer);
      }
    }
    const json::value document = json::parseOwn(*text);
    for (const json::value& row : json::getArray(document.as_object(), "connectors")) {
      const auto key = row.is_object() ? keyOf(row.get_object()) : std::nullopt;
      if (key && usable.contains(*key)) {
        rows_.emplace(*key, row.get_object());
      }
    }
    return {};
  }

  static std::optional<Key> keyOf(const json::object& row) {
    const auto version = parseVersion(json::getString(row, "version"));
    return version ? std::optional(Key(json::getString(row, "name"), *version)) : std::nullopt;
  }

  // An error ends the build; what is wrong with the bundle leaves it out.
  base::Status take(const fs::path& folder) {
    auto bundle = readSourceBundle(folder);
    auto packed = bundle ? pack(*bundle) : base::Result<Packed>(bundle.error());
    if (!packed) {
      report_.leftOut.push_back({folder / "bundle.json", reasonOf(packed.error())});
      return {};
    }
    const Key key(packed->name, *parseVersion(packed->version));
    CatalogueReport::Row row{packed->name, packed->version,
                             packed->name + "-" + packed->version + ".zip", packed->zip.size(),
                             json::getArray(packed->row, "components").size()};
    if (!taken_.emplace(key, folder).second) {
      report_.leftOut.push_back(
          {folder / "bundle.json",
           packed->name + " " + packed->version + " was packed from " + taken_.at(key).string()});
      return {};
    }
    const std::string hash = sha256Hex(packed->zip);
    if (const auto standing = rows_.find(key); standing != rows_.end()) {
      if (json::getString(standing->second, "sha256") != hash) {
        report_.warnings.push_back(
            {folder / "bundle.json", packed->version +
                                         " stands in the catalogue with other bytes and was kept: "
                                         "raise the version to release a change"});
      }
      report_.kept.push_back(std::move(row));
      return {};
    }
    if (base::Status written = replace(row.file, packed->zip); !written) {
      return written;
    }
    packed->row["file"] = row.file;
    packed->row["sha256"] = hash;
    packed->row["size"] = packed->zip.size();
    rows_.emplace(key, std::move(packed->row));
    report_.packed.push_back(std::move(row));
    return {};
  }

  base::Result<Packed> pack(const SourceBundle& bundle) {
    const auto contents = scanRevision(bundle.files, bundle.name);
    if (!contents) {
      return contents.error();
    }
    if (base::Status loads = checkLoads(bundle, *contents); !loads) {
      return loads.error();
    }
    const auto warnings = authorWarnings(bundle, *contents);
    report_.warnings.insert(report_.warnings.end(), warnings.begin(), warnings.end());
    if (order_.strict && !warnings.empty()) {
      return base::fail(base::Code::kBundleRefused,
                        "It has " + std::to_string(warnings.size()) +
                            " warnings, such as: " + warnings.front().file.filename().string() +
                            ": " + warnings.front().message);
    }
    auto zip = writeZip(bundle.files, ZipLimits::catalogue().unpackedBytes);
    base::Status fine = zip ? checkZip(*zip) : base::Status(zip.error());
    if (!fine) {
      return fine.error();
    }
    if (zip->size() > ZipLimits::upload().archiveBytes) {
      report_.warnings.push_back(
          {bundle.folder / "bundle.json",
           "its zip has " + std::to_string(zip->size()) +
               " bytes, more than publishing takes unless LIMIT_CC_ARCHIVE_MAX_BYTES is raised"});
    }
    json::object row = makeRow(bundle, *contents);
    std::string version = json::getString(row, "version");
    return Packed{bundle.name, std::move(version), std::move(*zip), std::move(row)};
  }

  base::Status replace(const std::string& file, std::string_view bytes) const {
    const fs::path whole = order_.out / file;
    const fs::path part = order_.out / ("." + file + ".part");
    base::Status written = writeFile(part, bytes);
    std::error_code failure;
    if (written) {
      fs::rename(part, whole, failure);
    }
    if (failure) {
      written = base::fail(base::Code::kInternal,
                           whole.string() + " cannot be written: " + failure.message() + ".");
    }
    if (!written) {
      fs::remove(part, failure);
    }
    return written;
  }

  base::Status writeIndex() const {
    std::error_code ignored;
    if (report_.packed.empty() && fs::exists(order_.out / "index.json", ignored)) {
      return {};
    }
    json::array rows;
    for (const auto& [key, row] : rows_) {
      rows.push_back(row);
    }
    std::string text =
        "{\"format\":1,\"generated\":\"" + base::toIso(order_.generated) + "\",\"connectors\":[";
    for (const json::value& row : rows) {
      text += (text.ends_with('[') ? "\n" : ",\n") + json::write(row);
    }
    text += "\n]}\n";
    if (base::Status synced = syncFolder(order_.out); !synced) {
      return synced;
    }
    return replace("index.json", text);
  }

  const CatalogueOrder& order_;
  CatalogueReport report_;
  std::map<Key, json::object, NewestFirst> rows_;  // of the index to be
  std::map<Key, fs::path, NewestFirst> taken_;     // from which folder
};

}  // namespace

base::Result<CatalogueReport> buildCatalogue(const CatalogueOrder& order) {
  return Build(order).run();
}

}  // namespace patchbay::connectors
