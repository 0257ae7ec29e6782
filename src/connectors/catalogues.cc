#include "connectors/catalogues.h"

#include <algorithm>
#include <utility>

#include "connectors/percent_decoding.h"
#include "connectors/semver.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFileScheme = "file://";

bool isWebAddress(const fs::path& place) {
  return place.string().starts_with("https://") || place.string().starts_with("http://");
}

base::Result<Catalogue> readPlace(const fs::path& place) {
  if (isWebAddress(place)) {
    return base::fail(
        base::Code::kUnavailable,
        place.string() + ": a catalogue at a web address is not supported yet; name a folder.");
  }
  if (!place.is_absolute()) {
    return base::fail(base::Code::kInvalid, place.string() + " is not an absolute folder.");
  }
  return readCatalogue(place);
}

bool isBefore(const Offer& left, const Offer& right) {
  return left.name != right.name ? left.name < right.name
                                 : *parseVersion(right.version) < *parseVersion(left.version);
}

bool isSame(const Offer& left, const Offer& right) {
  return left.name == right.name && *parseVersion(left.version) == *parseVersion(right.version);
}

}  // namespace

Catalogues::Catalogues(std::vector<fs::path> folders)
    : folders_(std::move(folders)), offers_(std::make_shared<const Catalogue>()) {}

void Catalogues::setFolders(std::vector<fs::path> folders) {
  const std::scoped_lock lock(mutex_);
  folders_ = std::move(folders);
}

Catalogues::Source Catalogues::readSource(const fs::path& folder,
                                          const std::vector<Source>& known) {
  Source source{folder, {}, {}};
  if (auto read = readPlace(folder)) {
    source.last = std::move(*read);
    return source;
  } else {
    source.error = read.error().message;
  }
  const auto last = std::find_if(known.begin(), known.end(),
                                 [&](const Source& other) { return other.folder == folder; });
  if (last != known.end()) {
    source.last = last->last;
  }
  return source;
}

Catalogue Catalogues::merge(const std::vector<Source>& sources) {
  Catalogue merged;
  for (const Source& source : sources) {
    merged.offers.insert(merged.offers.end(), source.last.offers.begin(), source.last.offers.end());
    for (const std::string& warning : source.last.warnings) {
      merged.warnings.push_back(source.folder.string() + ": " + warning);
    }
  }
  std::stable_sort(merged.offers.begin(), merged.offers.end(), isBefore);
  merged.offers.erase(std::unique(merged.offers.begin(), merged.offers.end(), isSame),
                      merged.offers.end());
  return merged;
}

base::Status Catalogues::refresh() {
  const std::scoped_lock refreshing(refreshing_);
  std::vector<fs::path> folders;
  {
    const std::scoped_lock lock(mutex_);
    folders = folders_;
  }
  std::vector<Source> sources;
  std::string error;
  std::size_t readable = 0;
  for (const fs::path& folder : folders) {
    sources.push_back(readSource(folder, sources_));
    readable += sources.back().error.empty() ? 1 : 0;
    if (!sources.back().error.empty()) {
      error += (error.empty() ? "" : "\n") + sources.back().error;
    }
  }
  sources_ = std::move(sources);
  auto offers = std::make_shared<const Catalogue>(merge(sources_));
  {
    const std::scoped_lock lock(mutex_);
    offers_ = std::move(offers);
    error_ = error;
  }
  if (readable == 0 && !folders.empty()) {
    return base::fail(base::Code::kUnavailable, error);
  }
  return {};
}

std::shared_ptr<const Catalogue> Catalogues::offers() const {
  const std::scoped_lock lock(mutex_);
  return offers_;
}

std::optional<Offer> Catalogues::find(std::string_view name, std::string_view version) const {
  const auto held = offers();
  const auto wanted = parseVersion(version);
  for (const Offer& offer : held->offers) {
    if (offer.name != name) {
      continue;
    }
    if (version.empty() ? offer.fitsEngine : wanted && *parseVersion(offer.version) == *wanted) {
      return offer;
    }
  }
  return std::nullopt;
}

std::string Catalogues::error() const {
  const std::scoped_lock lock(mutex_);
  return error_;
}

fs::path catalogueFolder(std::string_view place) {
  return place.starts_with(kFileScheme) ? percentDecoded(place.substr(kFileScheme.size()))
                                        : std::string(place);
}

}  // namespace patchbay::connectors
