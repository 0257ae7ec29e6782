#include "plugins/plugins.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/log.h"
#include "plugins/listeners.h"
#include "store/flows.h"

namespace patchbay::plugins {

namespace {

// Pins of flows come and go without a word: they are looked at again so often.
constexpr base::Millis kLookAgain{30'000};

std::shared_ptr<const runtime::WorkerSpec> specOf(const connectors::Revision& revision) {
  return std::make_shared<const runtime::WorkerSpec>(runtime::WorkerSpec{revision.id, revision.root, "plugin-host"});
}

}  // namespace

Plugins::Plugins(Parts parts) : parts_(parts), calls_(parts.store, parts.loop, parts.locks, parts.intake) {
  parts_.registry.onChange([this](const std::string&) { refreshSoon(); });
  parts_.configuration.onChange([this](const std::string& service) {
    parts_.loop.post([this, alive = alive_, service] {
      if (*alive && isOpen_) {
        configurationChanged(service);
      }
    });
  });
}

Plugins::~Plugins() { *alive_ = false; }

void Plugins::begin() {
  isOpen_ = true;
  refresh();
  lookLater();
}

void Plugins::close() {
  isOpen_ = false;
  parts_.loop.cancel(timer_);
  for (auto& [place, plugin] : plugins_) {
    calls_.forget(*plugin);
  }
  plugins_.clear();
  newest_.clear();
}

void Plugins::lookLater() {
  timer_ = parts_.loop.after(kLookAgain, [this] {
    refresh();
    lookLater();
  });
}

void Plugins::refreshSoon() {
  parts_.loop.post([this, alive = alive_] {
    if (*alive && isOpen_) {
      refresh();
    }
  });
}

void Plugins::want(std::map<Place, Wanted>& all, const std::shared_ptr<const connectors::Revision>& revision) {
  for (const PluginFile& file : filesOf(*revision)) {
    if (file.isShared) {  // once, from the bundle installed last
      const auto other = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first.name == file.name; });
      if (other != all.end() && other->second.revision->installedAt >= revision->installedAt) {
        continue;
      }
      if (other != all.end()) {
        all.erase(other);
      }
    }
    Place place{file.name, revision->id};
    all[std::move(place)] = Wanted{revision, file};
  }
}

const std::vector<PluginFile>& Plugins::filesOf(const connectors::Revision& revision) {
  const auto known = files_.find(revision.id);
  return known != files_.end() ? known->second : files_.emplace(revision.id, pluginFiles(revision)).first->second;
}

// Of connectors that are installed and have, or had, a plugin; a connector that was removed has none, whatever its flows are pinned to (R13).
std::vector<std::shared_ptr<const connectors::Revision>> Plugins::pinnedRevisions() {
  std::vector<std::string> bundles;
  for (const auto& current : parts_.registry.allCurrent()) {
    const auto known = parts_.registry.allOf(current->bundle);
    if (known.size() > 1 && std::any_of(known.begin(), known.end(), [this](const auto& one) { return !filesOf(*one).empty(); })) {
      bundles.push_back(current->bundle);
    }
  }
  std::set<std::string> ids;
  const base::Status read = parts_.store.read([&](store::Transaction& tx) {
    for (const std::string& bundle : bundles) {
      for (const store::FlowPinRecord& pin : tx.flows().pinsOfBundle(bundle)) {
        ids.insert(pin.revision);
      }
    }
  });
  if (!read) {
    spdlog::warn("the pins of flows cannot be read, so older plugins may be down: {}", read.error().message);
  }
  std::vector<std::shared_ptr<const connectors::Revision>> revisions;
  for (const std::string& id : ids) {
    if (auto revision = parts_.registry.byId(id)) {
      revisions.push_back(std::move(revision));
    }
  }
  return revisions;
}

std::map<Plugins::Place, Plugins::Wanted> Plugins::wanted() {
  std::map<Place, Wanted> all;
  for (const auto& revision : parts_.registry.allCurrent()) {
    want(all, revision);
  }
  for (const auto& revision : pinnedRevisions()) {
    want(all, revision);
  }
  return all;
}

void Plugins::refresh() {
  const std::map<Place, Wanted> all = wanted();
  std::erase_if(plugins_, [&](const auto& one) {
    const bool goes = !all.contains(one.first);
    if (goes) {
      calls_.forget(*one.second);
    }
    return goes;
  });
  std::erase_if(files_, [this](const auto& one) { return parts_.registry.byId(one.first) == nullptr; });
  newest_.clear();
  for (const auto& [place, wanted] : all) {
    if (!plugins_.contains(place)) {
      make(place, wanted);
    }
    const auto current = parts_.registry.current(wanted.revision->bundle);
    if (current != nullptr && current->id == place.revision) {
      newest_[place.name] = place;
    }
  }
}

void Plugins::make(const Place& place, const Wanted& wanted) {
  auto plugin = std::make_unique<Plugin>(parts_.runtime, parts_.loop, *this, wanted.revision, specOf(*wanted.revision), wanted.file,
                                         configurationOf(wanted.file));
  plugin->begin();
  plugins_[place] = std::move(plugin);
}

// Its module's settings where there are some, else its service's.
json::object Plugins::configurationOf(const PluginFile& file) const {
  return parts_.configuration.get(parts_.configuration.has(file.configuration) ? file.configuration : file.service);
}

void Plugins::configurationChanged(const std::string& service) {
  std::erase_if(plugins_, [&](const auto& one) {
    const PluginFile& file = one.second->file();
    const bool goes = file.configuration == service || file.service == service;
    if (goes) {
      calls_.forget(*one.second);
    }
    return goes;
  });
  refresh();
}

Plugin* Plugins::find(std::string_view name, const std::string& revision) {
  if (const auto own = plugins_.find(Place{std::string(name), revision}); own != plugins_.end()) {
    return own->second.get();
  }
  const auto newest = newest_.find(name);
  return newest == newest_.end() ? nullptr : plugins_.at(newest->second).get();
}

// The longest name that the path begins with: a module's plugin before its service's.
void Plugins::request(const std::string& path, const std::string& revision, PluginRequest request, PluginRespond respond) {
  parts_.loop.post([this, alive = alive_, path, revision, request = std::move(request), respond = std::move(respond)]() mutable {
    if (!*alive || !isOpen_) {
      respond(base::fail(base::Code::kUnavailable, "The server is stopping. The call was not accepted: try again."));
      return;
    }
    std::string_view name = std::string_view(path).substr(0, path.find('?'));
    while (!name.empty()) {
      if (Plugin* plugin = find(name, revision)) {
        const std::string rest = path.substr(name.size());
        request.path = rest.starts_with('/') ? rest : "/" + rest;
        plugin->request(std::move(request), std::move(respond));
        return;
      }
      const auto slash = name.rfind('/');
      name = slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
    }
    respond(base::fail(base::Code::kNotFound, "No plugin is installed at /plugins/" + path.substr(0, path.find('?')) + "."));
  });
}

Plugin* Plugins::pluginOf(const engine::Parts::Listener& listener) {
  if (Plugin* plugin = find(listener.module, listener.revision->id)) {
    return plugin;
  }
  return find(listener.module.substr(0, listener.module.rfind('/')), listener.revision->id);
}

void Plugins::addListener(engine::Parts::Listener listener, std::function<void(base::Status)> told) {
  Plugin* plugin = isOpen_ ? pluginOf(listener) : nullptr;
  if (plugin == nullptr) {
    told(base::fail(base::Code::kNotFound, "The connector of " + listener.module + " has no plugin that could call " + listener.componentId + "."));
    return;
  }
  ListenerPlace place{plugin->file().name, listener.eventName, listener.flowId, listener.componentId};
  const std::string document = json::write(json::object{{"eventName", place.eventName},
                                                        {"flowId", place.flowId},
                                                        {"componentId", place.componentId},
                                                        {"params", json::parseOwn(listener.params)}});
  plugin->listenerAdded(document, [this, place, told = std::move(told)](const base::Result<std::string>& agreed) {
    if (!agreed) {
      told(agreed.error());
      return;
    }
    const auto value = json::parse(*agreed, "What the plugin answered", 128);
    const json::value* params = value && value->is_object() ? json::find(*value, "params") : nullptr;
    const std::string kept = params == nullptr ? "{}" : json::write(*params);
    parts_.store.submit(
        [place, kept](store::Transaction& tx) {
          plugins::addListener(tx, place, kept);
          return base::Status();
        },
        [this, told](const base::Status& status) { parts_.loop.post([told, status] { told(status); }); });
  });
}

void Plugins::removeListener(engine::Parts::Listener listener, std::function<void(base::Status)> told) {
  // By name, whether or not a plugin of that name is up: a service's, and its module's.
  const std::string service = listener.module.substr(0, listener.module.rfind('/'));
  parts_.store.submit(
      [listener, service](store::Transaction& tx) {
        for (const std::string& plugin : {listener.module, service}) {
          plugins::removeListener(tx, {plugin, listener.eventName, listener.flowId, listener.componentId});
        }
        return base::Status();
      },
      [this, told = std::move(told)](const base::Status& status) { parts_.loop.post([told, status] { told(status); }); });
}

void Plugins::onHostCall(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments) {
  calls_.handle(plugin, q, op, arguments);
}

json::array Plugins::list() const {
  json::array list;
  for (const auto& [place, plugin] : plugins_) {
    json::object row{{"plugin", place.name},
                     {"connector", plugin->revision().bundle},
                     {"version", plugin->revision().version},
                     {"revision", place.revision},
                     {"state", stateText(plugin->state())},
                     {"routes", plugin->routes()},
                     {"jobs", plugin->jobs()}};
    if (!plugin->error().empty()) {
      row["error"] = plugin->error();
    }
    list.push_back(std::move(row));
  }
  return list;
}

std::vector<std::string> Plugins::failing() const {
  std::vector<std::string> names;
  for (const auto& [place, plugin] : plugins_) {
    if (plugin->state() == PluginState::kFailed) {
      names.push_back(place.name + " of " + plugin->revision().bundle + " " + plugin->revision().version);
    }
  }
  return names;
}

}  // namespace patchbay::plugins
