// What is installed, as clients see it: apps, manifests, types, bundles (rest-api §7.1-7.3, §7.8).
//
// Threads: free functions over the registry's current state.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "connectors/registry.h"

namespace patchbay::connectors {

// May the caller see this component in lists?
using Visible = std::function<bool(const Component&)>;

// {app: {name, label, category, description, icon, version}} sorted by key, of apps with a
// component that shows.
boost::json::object listApps(const Registry& registry, const Visible& visible);
// Manifests of the components whose dotted name is `selector` or below it, by name. Empty selector:
// all.
boost::json::array listManifests(const Registry& registry, std::string_view selector,
                                 const Visible& visible);
// Their types.
boost::json::array listTypes(const Registry& registry, std::string_view selector,
                             const Visible& visible);
// One row per bundle, and one per service and module of it, each {name, bundleId, version}.
boost::json::array listBundles(const Registry& registry);
// A manifest as clients get it: ports are objects with a name, `loadError` when its code does not
// load.
boost::json::object shownManifest(const Component& component);

}  // namespace patchbay::connectors
