#include "connectors/component_contract.h"

#include <array>

#include "base/json.h"

namespace patchbay::connectors {

namespace {

constexpr std::size_t kMaxDepth = 12;  // of a schema inside a field
constexpr std::array kRules = {"pattern",         "format",    "const",    "multipleOf",
                               "minLength",       "maxLength", "minItems", "maxItems",
                               "uniqueItems",     "minimum",   "maximum",  "exclusiveMinimum",
                               "exclusiveMaximum"};
// Words for people and tools, which bind nobody.
const std::set<std::string, std::less<>> kWords = {"title", "description", "example", "examples",
                                                   "label", "tooltip",     "$comment"};

std::set<std::string> typesOf(const json::object& schema) {
  std::set<std::string> types;
  const json::value* type = json::find(schema, "type");
  if (type != nullptr && type->is_string()) {
    types.emplace(type->get_string());
  } else if (type != nullptr && type->is_array()) {
    for (const json::value& one : type->get_array()) {
      if (one.is_string()) {
        types.emplace(one.get_string());
      }
    }
  }
  return types;
}

std::set<std::string> jsonOf(const json::array& values) {
  std::set<std::string> texts;
  for (const json::value& value : values) {
    texts.insert(json::write(value));
  }
  return texts;
}

// Keys sorted and without words, so that equal meanings are equal texts.
json::value canonical(const json::value& schema, std::size_t depth) {
  if (depth == 0) {
    return nullptr;
  }
  if (schema.is_array()) {
    json::array items;
    for (const json::value& item : schema.get_array()) {
      items.push_back(canonical(item, depth - 1));
    }
    return items;
  }
  if (!schema.is_object()) {
    return schema;
  }
  std::map<std::string, const json::value*> sorted;
  for (const auto& [key, value] : schema.get_object()) {
    sorted.emplace(key, &value);
  }
  json::object members;
  for (const auto& [key, value] : sorted) {
    // Below "properties" a key is a name, whatever it is called.
    if (!(kWords.contains(key) && (value->is_string() || value->is_array()))) {
      members[key] = canonical(*value, depth - 1);
    }
  }
  return members;
}

std::string innerOf(const json::object& schema) {
  json::object inner;
  for (const char* key : {"properties", "items", "required", "additionalProperties"}) {
    if (const json::value* part = json::find(schema, key)) {
      inner[key] = canonical(*part, kMaxDepth);
    }
  }
  return inner.empty() ? std::string() : json::write(inner);
}

std::string rawOf(const json::object& members, std::string_view key) {
  const json::value* value = json::find(members, key);
  return value == nullptr || value->is_null() ? std::string()
                                              : json::write(canonical(*value, kMaxDepth));
}

void addSchema(const json::object& schema, InputFields& fields) {
  for (const auto& [name, value] : json::getObject(schema, "properties")) {
    if (!value.is_object()) {
      continue;
    }
    const json::object& property = value.get_object();
    InputField& field = fields[name];
    field.label = json::getString(property, "title");
    field.types = typesOf(property);
    field.inner = innerOf(property);
    if (json::find(property, "enum") != nullptr) {
      field.values = jsonOf(json::getArray(property, "enum"));
    }
    if (const json::value* standard = json::find(property, "default")) {
      field.defaultValue = json::write(*standard);
    }
    for (const char* rule : kRules) {
      if (const json::value* bound = json::find(property, rule)) {
        field.rules.emplace(rule, *bound);
      }
    }
  }
  for (const std::string& name : json::getStrings(schema, "required")) {
    fields[name].required = true;
  }
}

// What a select offers. "clearItem" rows are no values.
std::optional<std::set<std::string>> offered(const json::object& input) {
  const json::array& options = json::getArray(input, "options");
  const std::string control = json::getString(input, "type");
  if (options.empty() || json::find(input, "source") != nullptr ||
      (control != "select" && control != "multiselect")) {
    return std::nullopt;
  }
  std::set<std::string> values;
  for (const json::value& option : options) {
    if (option.is_string()) {
      values.insert(json::write(option));
    } else if (option.is_object() && json::find(option, "value") != nullptr) {
      values.insert(json::write(*json::find(option, "value")));
    }
  }
  return values;
}

void addInspector(const json::object& inspector, InputFields& fields) {
  for (const auto& [name, value] : json::getObject(inspector, "inputs")) {
    if (!value.is_object()) {
      continue;
    }
    const json::object& input = value.get_object();
    InputField& field = fields[name];
    field.label = json::getString(input, "label", field.label);
    field.control = json::getString(input, "type");
    field.required = field.required || json::getBool(input, "required");
    field.source = rawOf(input, "source");
    if (!field.values) {
      field.values = offered(input);
    }
    if (const json::value* standard = json::find(input, "defaultValue")) {
      field.defaultValue = json::write(*standard);
    }
  }
}

InputFields inputsOf(const json::object& holder) {
  InputFields fields;
  addSchema(json::getObject(holder, "schema"), fields);
  addInspector(json::getObject(holder, "inspector"), fields);
  return fields;
}

void addOutputs(const std::string& prefix, const json::object& schema, std::size_t depth,
                OutPort& port) {
  for (const auto& [name, value] : json::getObject(schema, "properties")) {
    if (value.is_object()) {
      const json::object& property = value.get_object();
      const std::string path = prefix + std::string(name);
      port.fields[path] = {json::getString(property, "title"), typesOf(property)};
      if (depth > 1) {
        addOutputs(path + ".", property, depth - 1, port);
      }
    }
  }
}

OutPort outPortOf(const json::object& members) {
  OutPort port;
  port.dynamic = json::find(members, "source") != nullptr;
  const json::array& options = json::getArray(members, "options");
  if (options.empty()) {  // a list of options stands in for a schema
    addOutputs("", json::getObject(members, "schema"), kMaxDepth, port);
  }
  for (const json::value& value : options) {
    if (value.is_object()) {
      const json::object& option = value.get_object();
      const std::string path = json::getString(option, "value");
      if (!path.empty()) {
        const json::object& schema = json::getObject(option, "schema");
        port.fields[path] = {json::getString(option, "label"), typesOf(schema)};
        addOutputs(path + ".", schema, kMaxDepth, port);
      }
    }
  }
  return port;
}

// A port is a name, or an object that has one.
template <typename Take>
void eachPort(const json::object& manifest, std::string_view key, Take take) {
  static const json::object kNothing;
  for (const json::value& port : json::getArray(manifest, key)) {
    if (port.is_string()) {
      take(std::string(port.get_string()), kNothing);
    } else if (port.is_object()) {
      take(json::getString(port.get_object(), "name"), port.get_object());
    }
  }
}

std::string triggerOf(const json::object& manifest) {
  const bool tick = json::getBool(manifest, "tick");
  const bool webhook = json::getBool(manifest, "webhook");
  if (tick || webhook) {
    return tick && webhook ? "tick, webhook" : tick ? "tick" : "webhook";
  }
  return json::getArray(manifest, "inPorts").empty() ? "start" : "";
}

}  // namespace

ComponentContract contractOf(const json::value& document) {
  ComponentContract contract;
  if (!document.is_object()) {
    return contract;
  }
  const json::object& manifest = document.get_object();
  contract.name = json::getString(manifest, "name");
  contract.label = json::getString(manifest, "label");
  contract.isPrivate = json::getBool(manifest, "private");
  contract.properties = inputsOf(json::getObject(manifest, "properties"));
  eachPort(manifest, "inPorts", [&](const std::string& name, const json::object& port) {
    contract.inPorts[name] = {inputsOf(port), rawOf(port, "source")};
  });
  eachPort(manifest, "outPorts", [&](const std::string& name, const json::object& port) {
    contract.outPorts[name] = outPortOf(port);
  });
  const json::object& auth = json::getObject(manifest, "auth");
  contract.authService = json::getString(auth, "service");
  for (std::string& scope : json::getStrings(auth, "scope")) {
    contract.scopes.insert(std::move(scope));
  }
  contract.quota = rawOf(manifest, "quota");
  contract.trigger = triggerOf(manifest);
  return contract;
}

}  // namespace patchbay::connectors
