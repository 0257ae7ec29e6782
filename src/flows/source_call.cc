#include "flows/source_call.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace patchbay::flows {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::string_view kAddress = "/component/";
constexpr std::string_view kOutPort = "?outPort=";
constexpr std::size_t kDeepestPath = 16;

// "/component/vendor/service/module/Component?outPort=out"
bool readAddress(std::string_view url, SourceCall& call) {
  const std::size_t query = url.find(kOutPort);
  if (!url.starts_with(kAddress) || query == std::string_view::npos) {
    return false;
  }
  call.type = url.substr(kAddress.size(), query - kAddress.size());
  for (char& c : call.type) {
    c = c == '/' ? '.' : c;
  }
  call.outPort = url.substr(query + kOutPort.size());
  return isComponentType(call.type) && call.outPort.find('&') == std::string::npos;
}

// The member at "a/b/c".
const value* memberAt(const value* at, std::string_view path) {
  while (at != nullptr && !path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    at = json::find(*at, path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return at;
}

// A field of an in port, as the transform of some link into it has it.
const value* inputAt(const Node& node, std::string_view path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view port = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  for (const Link& link : node.incoming) {
    if (link.inPort == port && link.transform != nullptr) {
      if (const value* found = memberAt(json::find(*link.transform, "lambda"), path)) {
        return found;
      }
    }
  }
  return nullptr;
}

// Null: a reference to nothing.
const value* resolve(const Node& node, const value& said) {
  constexpr std::string_view kInputs = "inputs/";
  constexpr std::string_view kProperties = "properties/";
  if (!said.is_string()) {
    return &said;
  }
  const std::string_view text = said.get_string();
  if (text.starts_with(kInputs)) {
    return inputAt(node, text.substr(kInputs.size()));
  }
  if (text.starts_with(kProperties)) {
    return memberAt(node.properties, text.substr(kProperties.size()));
  }
  return &said;
}

void setAt(object& root, std::string_view path, const value& member) {
  object* parent = &root;
  for (std::size_t depth = 0; depth < kDeepestPath; ++depth) {
    const std::size_t slash = path.find('/');
    value& place = (*parent)[path.substr(0, slash)];
    if (slash == std::string_view::npos) {
      place = member;
      return;
    }
    parent = place.is_object() ? &place.get_object() : &place.emplace_object();
    path.remove_prefix(slash + 1);
  }
}

object resolved(const Node& node, const value* said, bool asPaths) {
  object out;
  if (said == nullptr || !said->is_object()) {
    return out;
  }
  for (const auto& [path, reference] : said->get_object()) {
    const value* found = resolve(node, reference);
    if (found != nullptr && asPaths) {
      out[path] = *found;
    } else if (found != nullptr) {
      setAt(out, path, *found);
    }
  }
  return out;
}

}  // namespace

std::optional<SourceCall> sourceCall(const Node& node, std::string_view port, const value& source) {
  SourceCall call;
  const value* url = json::find(source, "url");
  if (url == nullptr || !url->is_string() || !readAddress(url->get_string(), call)) {
    return std::nullopt;
  }
  call.componentId = node.id;
  call.port = port;
  if (const value* data = json::find(source, "data"); data != nullptr && data->is_object()) {
    call.properties = json::write(resolved(node, json::find(*data, "properties"), false));
    call.messages = json::write(resolved(node, json::find(*data, "messages"), true));
    call.transform = json::getString(data->get_object(), "transform");
  } else {
    call.properties = call.messages = "{}";
  }
  const bool needsMessage = call.properties.find("{{{") != std::string::npos ||
                            call.messages.find("{{{") != std::string::npos;
  return needsMessage ? std::nullopt : std::optional(std::move(call));
}

std::vector<SourceCall> outPortSources(const std::vector<const Node*>& nodes,
                                       const connectors::Registry& registry) {
  std::vector<SourceCall> calls;
  for (const Node* node : nodes) {
    const connectors::Found found = registry.find(node->type);
    const value* ports = found ? json::find(found.component->manifest, "outPorts") : nullptr;
    if (ports == nullptr || !ports->is_array()) {
      continue;
    }
    for (const value& port : ports->get_array()) {
      const value* source = port.is_object() ? json::find(port, "source") : nullptr;
      auto call = source == nullptr
                      ? std::nullopt
                      : sourceCall(*node, json::getString(port.get_object(), "name"), *source);
      if (call && calls.size() < kMostSources) {
        calls.push_back(*std::move(call));
      }
    }
  }
  return calls;
}

std::string formPlace(std::string_view inPort, std::string_view field) {
  std::string place = inPort.empty() ? "/properties" : "/in/" + std::string(inPort);
  if (!field.empty()) {
    place.append("/").append(field);
  }
  return place;
}

namespace {

void addCall(const Node& node, const std::string& place, const value& holder,
             std::vector<SourceCall>& calls) {
  const value* source = json::find(holder, "source");
  auto call = source == nullptr ? std::nullopt : sourceCall(node, place, *source);
  if (call && calls.size() < kMostSources) {
    calls.push_back(*std::move(call));
  }
}

// `form`: a port or the properties of a manifest.
void addForm(const Node& node, std::string_view inPort, const value& form,
             std::vector<SourceCall>& calls) {
  addCall(node, formPlace(inPort), form, calls);
  const value* inspector = json::find(form, "inspector");
  const value* inputs = inspector == nullptr ? nullptr : json::find(*inspector, "inputs");
  if (inputs == nullptr || !inputs->is_object()) {
    return;
  }
  for (const auto& [name, input] : inputs->get_object()) {
    addCall(node, formPlace(inPort, name), input, calls);
  }
}

bool isLinked(const Node& node, std::string_view inPort) {
  return std::any_of(node.incoming.begin(), node.incoming.end(),
                     [&](const Link& link) { return link.inPort == inPort; });
}

}  // namespace

std::vector<SourceCall> formSources(const std::vector<const Node*>& nodes,
                                    const connectors::Registry& registry, FormsAsked asked) {
  std::vector<SourceCall> calls;
  for (const Node* node : nodes) {
    const connectors::Found found = registry.find(node->type);
    if (!found) {
      continue;
    }
    const value& manifest = found.component->manifest;
    const value* ports = asked.inPorts ? json::find(manifest, "inPorts") : nullptr;
    if (ports != nullptr && ports->is_array()) {
      for (const value& port : ports->get_array()) {
        const std::string name =
            port.is_object() ? json::getString(port.get_object(), "name") : std::string();
        if (!name.empty() && isLinked(*node, name)) {
          addForm(*node, name, port, calls);
        }
      }
    }
    if (const value* form = json::find(manifest, "properties"); form != nullptr && asked.properties) {
      addForm(*node, {}, *form, calls);
    }
  }
  return calls;
}

}  // namespace patchbay::flows
