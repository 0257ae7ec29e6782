// The plugins that run now: those of the newest revision of each connector, and of older ones that running flows are pinned to (R16).
//
// Who answers a path: the plugin of the newest revision, or of the revision that the caller names (a component asks its own). A plugin file
// that several bundles of a service carry runs once, from the bundle installed last.
// Threads: request, addListener, removeListener and refresh from any thread, what they are given back on the loop; the rest on the loop.
// Ownership: the parts outlive it; close() before the loop stops.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "accounts/service_configuration.h"
#include "connectors/registry.h"
#include "engine/parts.h"
#include "plugins/plugin.h"
#include "plugins/plugin_calls.h"

namespace patchbay::plugins {

class Plugins final : public Plugin::Host {
 public:
  struct Parts {
    runtime::Runtime& runtime;  // its own: one process a revision
    base::Executor& loop;
    store::Store& store;
    connectors::Registry& registry;
    accounts::ServiceConfiguration& configuration;
    engine::Locks& locks;
    engine::WebhookIntake& intake;
  };

  explicit Plugins(Parts parts);
  ~Plugins();

  // On the loop, once: from now on what is installed runs.
  void begin();
  void close();

  // `path`: behind /plugins/, with the query. `revision`: "" = the newest. Told kNotFound when no plugin is there.
  void request(const std::string& path, const std::string& revision, PluginRequest request, PluginRespond respond);
  void addListener(engine::Parts::Listener listener, std::function<void(base::Status)> told);
  void removeListener(engine::Parts::Listener listener, std::function<void(base::Status)> told);

  // [{plugin, connector, version, revision, state, error?, routes, jobs}] by name.
  boost::json::array list() const;
  // Those that are down: "<plugin> of <connector> <version>".
  std::vector<std::string> failing() const;

 private:
  struct Place {
    std::string name, revision;
    auto operator<=>(const Place&) const = default;
  };
  struct Wanted {
    std::shared_ptr<const connectors::Revision> revision;
    PluginFile file;
  };

  void refreshSoon();
  void refresh();
  std::map<Place, Wanted> wanted();
  void want(std::map<Place, Wanted>& all, const std::shared_ptr<const connectors::Revision>& revision);
  void make(const Place& place, const Wanted& wanted);
  boost::json::object configurationOf(const PluginFile& file) const;
  void configurationChanged(const std::string& service);
  Plugin* find(std::string_view name, const std::string& revision);
  Plugin* pluginOf(const engine::Parts::Listener& listener);
  void onHostCall(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments) override;
  void onDown(const Plugin& plugin) override { calls_.forget(plugin); }
  const std::vector<PluginFile>& filesOf(const connectors::Revision& revision);
  std::vector<std::shared_ptr<const connectors::Revision>> pinnedRevisions();
  void lookLater();

  Parts parts_;
  PluginCalls calls_;
  std::map<Place, std::unique_ptr<Plugin>> plugins_;
  std::map<std::string, Place, std::less<>> newest_;  // by name
  std::map<std::string, std::vector<PluginFile>> files_;  // by revision: none ever changes, and the loop reads no folder twice
  base::TimerId timer_ = 0;
  bool isOpen_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace patchbay::plugins
