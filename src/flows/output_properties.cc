#include "flows/output_properties.h"

#include <string>

#include "base/json.h"

namespace patchbay::flows {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value typeOf(const value* schema) {
  const value* type = schema == nullptr ? nullptr : json::find(*schema, "type");
  return type == nullptr ? value("string") : *type;
}

void add(array& list, const std::string& path, const value& label, const value* schema) {
  list.push_back(object{{"path", path}, {"label", label}, {"type", typeOf(schema)}});
}

void addMembers(array& list, const std::string& path, const value& schema, std::size_t depth) {
  if (depth > kDeepestSchema) {
    return;
  }
  if (const value* items = json::find(schema, "items"); items != nullptr && items->is_object()) {
    addMembers(list, path, *items, depth + 1);
  }
  const value* properties = json::find(schema, "properties");
  if (properties == nullptr || !properties->is_object()) {
    return;
  }
  for (const auto& [name, member] : properties->get_object()) {
    if (list.size() >= kMostPaths || !member.is_object()) {
      continue;
    }
    const value* title = json::find(member, "title");
    const std::string below = path + "." + std::string(name);
    add(list, below, title == nullptr ? value(nullptr) : *title, &member);
    addMembers(list, below, member, depth + 1);
  }
}

void addOptions(array& list, const std::string& port, const array& options) {
  for (const value& option : options) {
    const value* path = json::find(option, "value");
    if (path == nullptr || !path->is_string() || list.size() >= kMostPaths) {
      continue;
    }
    const value* label = json::find(option, "label");
    const value* schema = json::find(option, "schema");
    const std::string below = port + "." + std::string(path->get_string());
    add(list, below, label == nullptr ? value(nullptr) : *label, schema);
    if (schema != nullptr) {
      addMembers(list, below, *schema, 0);
    }
  }
}

array ofPort(const Node& node, const std::string& port, const value& manifest, const FetchedFields& fetched) {
  const value* fields = json::find(manifest, "options");
  if (fields == nullptr || !fields->is_array()) {
    fields = json::find(manifest, "schema");
  }
  if (const auto answer = fetched.find({node.id, port}); answer != fetched.end() && answer->second) {
    fields = &*answer->second;
  }
  array list;
  if (fields != nullptr && fields->is_array()) {
    addOptions(list, port, fields->get_array());
  } else if (fields != nullptr && fields->is_object()) {
    addMembers(list, port, *fields, 0);
  }
  return list;
}

}  // namespace

object outputProperties(const Node& node, const connectors::Registry& registry, const FetchedFields& fetched) {
  object ports;
  const connectors::Found found = registry.find(node.type);
  const value* list = found ? json::find(found.component->manifest, "outPorts") : nullptr;
  if (list == nullptr || !list->is_array()) {
    return ports;
  }
  for (const value& port : list->get_array()) {
    const std::string name = port.is_string() ? std::string(port.get_string())
                             : port.is_object() ? json::getString(port.get_object(), "name")
                                                : std::string();
    if (!name.empty()) {
      ports[name] = ofPort(node, name, port, fetched);
    }
  }
  return ports;
}

}  // namespace patchbay::flows
