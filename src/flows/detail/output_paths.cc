#include "flows/detail/output_paths.h"

#include "base/json.h"
#include "flows/descriptor.h"

namespace patchbay::flows::detail {
namespace {

using boost::json::object;
using boost::json::value;

// `path` equals `known`, lies below it, or above it.
bool touches(std::string_view path, std::string_view known) {
  const auto below = [](std::string_view longer, std::string_view shorter) {
    return longer.size() > shorter.size() && longer.substr(0, shorter.size()) == shorter &&
           longer[shorter.size()] == '.';
  };
  return path == known || below(path, known) || below(known, path);
}

bool isIndex(std::string_view part) {
  return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
}

// Follows a JSON Schema as far as it lists properties; where it is open, everything exists.
bool schemaOffers(const value& schema, std::string_view path) {
  if (path.empty() || !schema.is_object()) {
    return true;
  }
  const object& members = schema.get_object();
  const std::size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  const std::string_view rest =
      dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (const value* items = json::find(members, "items")) {
    return schemaOffers(*items, isIndex(part) ? rest : path);
  }
  const value* properties = json::find(members, "properties");
  const bool closed = properties != nullptr && properties->is_object() &&
                      !members.contains("additionalProperties") &&
                      !members.contains("patternProperties") && !members.contains("$ref") &&
                      !members.contains("oneOf") && !members.contains("anyOf") &&
                      !members.contains("allOf");
  if (!closed) {
    return true;
  }
  const value* next = json::find(properties->get_object(), part);
  return next != nullptr && schemaOffers(*next, rest);
}

bool optionsOffer(const boost::json::array& options, std::string_view path) {
  for (const value& option : options) {
    if (!option.is_object()) {
      return true;
    }
    const std::string known = json::getString(option.get_object(), "value");
    if (known.empty() || touches(path, known)) {
      return true;
    }
  }
  return false;
}

bool errorPortOffers(std::string_view path) {
  return path.empty() || path == "error" || path.starts_with("error.") || touches(path, "input");
}

}  // namespace

bool offers(const connectors::Component& component, std::string_view port, std::string_view path) {
  const value* ports = json::find(component.manifest, "outPorts");
  if (ports != nullptr && ports->is_array()) {
    for (const value& entry : ports->get_array()) {
      if (!entry.is_object() || json::getString(entry.get_object(), "name") != port) {
        continue;
      }
      const object& members = entry.get_object();
      const value* options = json::find(members, "options");
      const value* schema = json::find(members, "schema");
      if (path.empty() || json::find(members, "source") != nullptr) {
        return true;
      }
      const bool listed =
          options != nullptr && options->is_array() && !options->get_array().empty();
      if (schema != nullptr && schema->is_object() && schemaOffers(*schema, path)) {
        return true;
      }
      if (listed) {
        return optionsOffer(options->get_array(), path);
      }
      return schema == nullptr || !schema->is_object();
    }
  }
  if (component.hasOutPort(port) && port != kErrorPortName) {
    return true;  // a port by name only: it says nothing of what it sends
  }
  return port == kErrorPortName && errorPortOffers(path);
}

}  // namespace patchbay::flows::detail
