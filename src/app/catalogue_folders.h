// Which catalogue folders a server offers: the one it ships with, then those of the configuration
// key CONNECTOR_CATALOGUE_URL (docs/formats/catalogue.md §2).
//
// Threads: free functions.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "access/system_configuration.h"
#include "app/layout.h"

namespace patchbay::app {

inline const std::string kCatalogueKey = "CONNECTOR_CATALOGUE_URL";

// `empty`: without the shipped one (--empty).
std::vector<std::filesystem::path> catalogueFolders(
    const Layout& layout, bool empty, const access::SystemConfiguration& configuration);

}  // namespace patchbay::app
