// The plugin.js files of a revision (connector-format §7): <vendor>/<service>/plugin.js and <vendor>/<service>/<module>/plugin.js.
//
// Reads the revision's folder. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "connectors/revision.h"

namespace patchbay::plugins {

struct PluginFile {
  std::string name;           // vendor/service[/module]: its folder below the root, and its place below /plugins/
  std::string service;        // vendor:service, whose state and locks it shares
  std::string configuration;  // vendor:service[:module], whose configuration it gets
  // It lies in the folder of a service of which the revision is one module only: other bundles carry it too, and it runs once (R16).
  bool isShared = false;
};

std::vector<PluginFile> pluginFiles(const connectors::Revision& revision);

}  // namespace patchbay::plugins
