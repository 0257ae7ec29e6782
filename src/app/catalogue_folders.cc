#include "app/catalogue_folders.h"

#include "connectors/catalogues.h"

namespace patchbay::app {

namespace {

constexpr std::size_t kMaxPlaces = 100;

void add(const boost::json::value& place, std::vector<std::filesystem::path>& folders) {
  if (place.is_string() && !place.get_string().empty() && folders.size() < kMaxPlaces) {
    folders.push_back(connectors::catalogueFolder(std::string_view(place.get_string())));
  }
}

}  // namespace

std::vector<std::filesystem::path> catalogueFolders(
    const Layout& layout, bool empty, const access::SystemConfiguration& configuration) {
  std::vector<std::filesystem::path> folders;
  std::error_code ignored;
  if (!empty && std::filesystem::is_directory(layout.catalogue, ignored)) {
    folders.push_back(layout.catalogue);
  }
  const auto named = configuration.get(kCatalogueKey);
  if (named && named->is_array()) {
    for (const boost::json::value& place : named->get_array()) {
      add(place, folders);
    }
  } else if (named) {
    add(*named, folders);
  }
  return folders;
}

}  // namespace patchbay::app
