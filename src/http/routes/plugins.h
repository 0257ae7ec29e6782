// ANY /plugins/<vendor>/<service>[/<module>]/…: the routes of connectors' plugins (component-runtime §9, R16), and GET /plugins (admins).
//
// A valid token tells the plugin who calls; without one only its open routes answer. What the plugin sees of the headers is all but the
// token. Header X-Patchbay-Revision (from a component): the plugin of that revision where it runs. Errors: 404 no such plugin, 503 it is
// down, 504 it does not answer; all else is the plugin's own.
#pragma once

#include "http/route.h"
#include "plugins/plugins.h"

namespace patchbay::http {

struct PluginRouteParts {
  plugins::Plugins& plugins;
  std::function<bool(std::function<void()>)> onLoop;  // false: it did not run in time
};

void addPluginRoutes(Router& router, const PluginRouteParts& parts);

}  // namespace patchbay::http
