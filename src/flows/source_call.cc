#include "flows/source_call.h"

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

}  // namespace patchbay::flows
