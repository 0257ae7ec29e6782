// Installed connectors for tests of this room: components from manifest texts, without any file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "connectors/manifest.h"
#include "connectors/registry.h"

namespace patchbay::flows {

// Makes the components current as one bundle.
inline void install(connectors::Registry& registry, const std::string& bundle,
                    std::vector<connectors::Component> components) {
  auto revision = std::make_shared<connectors::Revision>();
  revision->id = bundle + "/1.0.0-00000000";
  revision->bundle = bundle;
  revision->version = "1.0.0";
  revision->components = std::move(components);
  const std::string id = revision->id;
  registry.add(std::move(revision));
  registry.setCurrent(id);
}

inline connectors::Component component(std::string_view manifest) {
  return connectors::describeComponent(json::parseOwn(manifest));
}

}  // namespace patchbay::flows
