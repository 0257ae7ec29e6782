#include "updates/node_use.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::updates {

namespace {

constexpr std::string_view kStart = "$.";

bool endsPath(char c) {
  return c == '}' || c == ' ' || c == '"' || c == '\'' || c == ',' || c == ')' || c == ']';
}

bool isEmpty(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty());
}

// A field by its name, or by a path of names; nothing where it is empty.
const json::value* filled(const json::value* object, std::string_view field) {
  if (object == nullptr || !object->is_object()) {
    return nullptr;
  }
  const json::value* value = json::find(*object, field);
  if (value == nullptr) {
    const std::size_t end = field.find_first_of("./");
    return end == std::string_view::npos
               ? nullptr
               : filled(json::find(*object, field.substr(0, end)), field.substr(end + 1));
  }
  return isEmpty(*value) ? nullptr : value;
}

// The object whose members are the fields of the port.
const json::value* lambdaOf(const flows::Link& link) {
  return link.transform == nullptr ? nullptr : json::find(*link.transform, "lambda");
}

bool isBelow(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path.starts_with(above) &&
         (path[above.size()] == '.' || path[above.size()] == '[');
}

}  // namespace

FlowReferences::FlowReferences(const flows::Descriptor& flow) {
  for (const flows::Node& node : flow.nodes()) {
    read(flow, *node.document);
  }
}

void FlowReferences::read(const flows::Descriptor& flow, const json::value& value) {
  if (value.is_string()) {
    readText(flow, value.get_string());
  } else if (value.is_array()) {
    for (const json::value& element : value.get_array()) {
      read(flow, element);
    }
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.get_object()) {
      read(flow, member);
    }
  }
}

void FlowReferences::readText(const flows::Descriptor& flow, std::string_view text) {
  for (std::size_t at = text.find(kStart); at != std::string_view::npos;
       at = text.find(kStart, at + kStart.size())) {
    std::string_view rest = text.substr(at + kStart.size());
    rest = rest.substr(0, static_cast<std::size_t>(
                              std::find_if(rest.begin(), rest.end(), endsPath) - rest.begin()));
    const std::size_t id = rest.find('.');
    if (id == std::string_view::npos || flow.find(rest.substr(0, id)) == nullptr) {
      continue;
    }
    const std::size_t port = std::min(rest.find('.', id + 1), rest.size());
    paths_[std::string(rest.substr(0, port))].emplace(port == rest.size() ? std::string_view()
                                                                          : rest.substr(port + 1));
  }
}

const std::set<std::string>* FlowReferences::of(std::string_view componentId,
                                                std::string_view port) const {
  const auto found = paths_.find(std::string(componentId) + "." + std::string(port));
  return found == paths_.end() ? nullptr : &found->second;
}

bool NodeUse::linksInto(std::string_view port) const {
  return std::any_of(node_.incoming.begin(), node_.incoming.end(),
                     [&](const flows::Link& link) { return link.inPort == port; });
}

bool NodeUse::linksOutOf(std::string_view port) const {
  return !flow_.outgoing(node_.id, port).empty() || references_.of(node_.id, port) != nullptr;
}

std::vector<const json::value*> NodeUse::valuesOf(std::string_view port,
                                                  std::string_view field) const {
  std::vector<const json::value*> values;
  if (port.empty()) {
    if (const json::value* value = filled(node_.properties, field)) {
      values.push_back(value);
    }
    return values;
  }
  for (const flows::Link& link : node_.incoming) {
    const json::value* value = link.inPort == port ? filled(lambdaOf(link), field) : nullptr;
    if (value != nullptr) {
      values.push_back(value);
    }
  }
  return values;
}

bool NodeUse::fills(std::string_view port, std::string_view field) const {
  return !valuesOf(port, field).empty();
}

bool NodeUse::leavesEmpty(std::string_view port, std::string_view field) const {
  if (port.empty()) {
    return filled(node_.properties, field) == nullptr;
  }
  return std::any_of(node_.incoming.begin(), node_.incoming.end(), [&](const flows::Link& link) {
    return link.inPort == port && filled(lambdaOf(link), field) == nullptr;
  });
}

bool NodeUse::maps(std::string_view port, std::string_view path) const {
  const std::set<std::string>* paths = references_.of(node_.id, port);
  return paths != nullptr && std::any_of(paths->begin(), paths->end(), [&](const auto& named) {
           return named == path || isBelow(named, path) || (!named.empty() && isBelow(path, named));
         });
}

}  // namespace patchbay::updates
