#include "plugins/plugin_files.h"

#include <algorithm>
#include <filesystem>

namespace patchbay::plugins {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "plugin.js";

std::vector<fs::path> foldersIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory(ignored) && entry.path().filename() != "node_modules") {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool holdsPlugin(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / kFile, ignored);
}

// "vendor.service.module": its service's files are those of other bundles too.
bool isModuleBundle(const std::string& bundle) { return std::count(bundle.begin(), bundle.end(), '.') >= 2; }

}  // namespace

std::vector<PluginFile> pluginFiles(const connectors::Revision& revision) {
  std::vector<PluginFile> files;
  for (const fs::path& vendor : foldersIn(revision.root)) {
    for (const fs::path& service : foldersIn(vendor)) {
      const std::string place = vendor.filename().string() + "/" + service.filename().string();
      const std::string name = vendor.filename().string() + ":" + service.filename().string();
      if (holdsPlugin(service)) {
        files.push_back({place, name, name, isModuleBundle(revision.bundle)});
      }
      for (const fs::path& module : foldersIn(service)) {
        if (holdsPlugin(module)) {
          const std::string part = module.filename().string();
          files.push_back({place + "/" + part, name, name + ":" + part, false});
        }
      }
    }
  }
  return files;
}

}  // namespace patchbay::plugins
