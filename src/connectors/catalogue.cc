#include "connectors/catalogue.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/bundle_reader.h"
#include "connectors/entry_name.h"
#include "connectors/file_tree.h"
#include "connectors/manifest.h"
#include "connectors/semver.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxIndexBytes = 64ULL << 20;
constexpr std::size_t kMaxOffers = 20'000;

bool fits(const std::string& engine) {
  const auto range = Range::parse(engine);
  return engine.empty() || (range && range->contains(*parseVersion(kEngineVersion)));
}

base::Result<Offer> readRow(const json::value& row, const fs::path& folder) {
  if (!row.is_object()) {
    return base::fail(base::Code::kInvalid, "is not an object");
  }
  const json::object& members = row.as_object();
  Offer offer;
  offer.name = json::getString(members, "name");
  offer.version = json::getString(members, "version");
  offer.label = json::getString(members, "label", offer.name);
  offer.category = json::getString(members, "category");
  offer.description = json::getString(members, "description");
  offer.engine = json::getString(members, "engine");
  offer.icon = json::getString(members, "icon");
  offer.sha256 = json::getString(members, "sha256");
  offer.components = json::getArray(members, "components");
  offer.size = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, json::getInt(members, "size").value_or(0)));
  if (const json::value* changelog = json::find(members, "changelog")) {
    offer.changelog = *changelog;
  }
  const std::string file = json::getString(members, "file");
  if (nameParts(offer.name).size() < 2 || !parseVersion(offer.version)) {
    return base::fail(base::Code::kInvalid, "has no name or version");
  }
  if (!checkEntryName(file) || file.find('/') != std::string::npos) {
    return base::fail(base::Code::kInvalid, "names a file that is not beside the index");
  }
  offer.file = folder / file;
  offer.fitsEngine = fits(offer.engine);
  return offer;
}

}  // namespace

base::Result<Catalogue> readCatalogue(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "index.json", ignored)) {
    return base::fail(base::Code::kNotFound,
                      "The catalogue " + folder.string() + " has no index.json.");
  }
  auto text = readFile(folder / "index.json", kMaxIndexBytes);
  if (!text) {
    return text.error();
  }
  auto index = json::parse(*text, "index.json of the catalogue");
  if (!index) {
    return index.error();
  }
  if (!index->is_object() || json::getInt(index->as_object(), "format").value_or(0) != 1 ||
      json::getArray(index->as_object(), "connectors").size() > kMaxOffers) {
    return base::fail(base::Code::kInvalid, "index.json of the catalogue is not of format 1.");
  }
  Catalogue catalogue;
  std::size_t number = 0;
  for (const json::value& row : json::getArray(index->as_object(), "connectors")) {
    auto offer = readRow(row, folder);
    if (offer) {
      catalogue.offers.push_back(std::move(offer).value());
    } else {
      catalogue.warnings.push_back("connectors[" + std::to_string(number) + "] " +
                                   offer.error().message);
    }
    ++number;
  }
  std::stable_sort(catalogue.offers.begin(), catalogue.offers.end(),
                   [](const Offer& a, const Offer& b) {
                     return a.name != b.name ? a.name < b.name
                                             : *parseVersion(b.version) < *parseVersion(a.version);
                   });
  return catalogue;
}

base::Result<std::string> readOffer(const Offer& offer) {
  auto bytes = readFile(offer.file, ZipLimits::catalogue().archiveBytes);
  if (!bytes) {
    return bytes.error();
  }
  if (bytes->size() != offer.size || sha256Hex(*bytes) != offer.sha256) {
    return base::fail(base::Code::kInvalid,
                      offer.file.filename().string() +
                          " is not the file its catalogue describes (size or SHA-256 differ).");
  }
  return bytes;
}

}  // namespace patchbay::connectors
