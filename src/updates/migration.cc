#include "updates/migration.h"

#include <string>
#include <string_view>

#include "base/json.h"
#include "updates/place.h"

namespace patchbay::updates {

namespace {

json::object* objectAt(json::object& parent, std::string_view key) {
  json::value* member = parent.if_contains(key);
  return member == nullptr ? nullptr : member->if_object();
}

// Keeps its place among its neighbours; one that is there already wins.
void renameKey(json::object& object, std::string_view from, std::string_view to) {
  if (!object.contains(from) || object.contains(to)) {
    return;
  }
  json::object renamed(object.storage());
  for (auto& [key, value] : object) {
    renamed.emplace(key == from ? to : std::string_view(key), std::move(value));
  }
  object = std::move(renamed);
}

bool endsName(std::string_view text, std::size_t at) {
  return at >= text.size() || !(std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                text[at] == '_' || text[at] == '-');
}

// "$.id.port.path" → "$.id.port.new", wherever it stands in a text.
void renameIn(json::value& value, const std::string& from, const std::string& to) {
  if (value.is_object()) {
    for (auto& [key, member] : value.get_object()) {
      renameIn(member, from, to);
    }
  } else if (value.is_array()) {
    for (json::value& element : value.get_array()) {
      renameIn(element, from, to);
    }
  } else if (value.is_string()) {
    std::string text(value.get_string());
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      if (endsName(text, at + from.size())) {
        text.replace(at, from.size(), to);
      }
      at += to.size();
    }
    value = text;
  }
}

void renameReferences(json::object& graph, const std::string& from, const std::string& to) {
  for (auto& [id, node] : graph) {
    renameIn(node, from, to);
  }
}

// The fields of every link into the port: their values and the modifiers beside them.
void renameField(json::object& node, const Place& place, const std::string& now) {
  json::object* config = objectAt(node, "config");
  if (config == nullptr) {
    return;
  }
  if (place.part == "properties") {
    if (json::object* properties = objectAt(*config, "properties")) {
      renameKey(*properties, place.field, now);
    }
    return;
  }
  json::object* transform = objectAt(*config, "transform");
  json::object* sources = transform == nullptr ? nullptr : objectAt(*transform, place.port);
  if (sources == nullptr) {
    return;
  }
  for (auto& [source, ports] : *sources) {
    if (!ports.is_object()) {
      continue;
    }
    for (auto& [port, link] : ports.get_object()) {
      for (const char* part : {"lambda", "modifiers"}) {
        json::object* fields = link.is_object() ? objectAt(link.get_object(), part) : nullptr;
        if (fields != nullptr) {
          renameKey(*fields, place.field, now);
        }
      }
    }
  }
}

void renameInPort(json::object& node, const std::string& port, const std::string& now) {
  if (json::object* source = objectAt(node, "source")) {
    renameKey(*source, port, now);
  }
  json::object* config = objectAt(node, "config");
  if (json::object* transform = config == nullptr ? nullptr : objectAt(*config, "transform")) {
    renameKey(*transform, port, now);
  }
}

void renameInList(json::value& ports, const std::string& port, const std::string& now) {
  if (ports.is_string() && ports.get_string() == port) {
    ports = now;
  } else if (ports.is_array()) {
    for (json::value& name : ports.get_array()) {
      renameInList(name, port, now);
    }
  }
}

// One node's links from a component: `source` names the port in a list, `transform` as a key.
void renameSourcePort(json::object& node, const std::string& id, const std::string& port,
                      const std::string& now) {
  if (json::object* source = objectAt(node, "source")) {
    for (auto& [inPort, links] : *source) {
      json::value* ports = links.is_object() ? links.get_object().if_contains(id) : nullptr;
      if (ports != nullptr) {
        renameInList(*ports, port, now);
      }
    }
  }
  json::object* config = objectAt(node, "config");
  json::object* transform = config == nullptr ? nullptr : objectAt(*config, "transform");
  if (transform == nullptr) {
    return;
  }
  for (auto& [inPort, links] : *transform) {
    if (json::object* ports = links.is_object() ? objectAt(links.get_object(), id) : nullptr) {
      renameKey(*ports, port, now);
    }
  }
}

void renameOutPort(json::object& graph, const std::string& id, const std::string& port,
                   const std::string& now) {
  for (auto& [other, node] : graph) {
    if (node.is_object()) {
      renameSourcePort(node.get_object(), id, port, now);
    }
  }
  renameReferences(graph, "$." + id + "." + port, "$." + id + "." + now);
}

}  // namespace

json::object migrate(json::object graph, const std::vector<FlowChange>& changes) {
  for (const FlowChange& change : changes) {
    json::object* node = objectAt(graph, change.componentId);
    const std::string& now = change.change.now;
    if (node == nullptr || now.empty()) {
      continue;
    }
    const Place place = Place::of(change.change.where);
    if (change.change.kind == "component-renamed") {
      (*node)["type"] = now;
    } else if (change.change.kind == "input-renamed") {
      if (place.field.empty()) {
        renameInPort(*node, place.port, now);
      } else {
        renameField(*node, place, now);
      }
    } else if (change.change.kind == "output-port-renamed") {
      renameOutPort(graph, change.componentId, place.port, now);
    } else if (change.change.kind == "output-field-renamed") {
      const std::string base = "$." + change.componentId + "." + place.port + ".";
      renameReferences(graph, base + place.field, base + now);
    }
  }
  return graph;
}

}  // namespace patchbay::updates
