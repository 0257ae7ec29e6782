#include "connectors/revision.h"

#include <algorithm>

namespace patchbay::connectors {

void Component::setMethods(const std::vector<std::string>& names) {
  const auto has = [&names](std::string_view method) { return std::find(names.begin(), names.end(), method) != names.end(); };
  hasStart = has("start");
  hasStop = has("stop");
  hasTick = has("tick");
}

std::vector<std::string> Component::methods() const {
  std::vector<std::string> names;
  for (const auto& [has, method] : {std::pair(hasStart, "start"), std::pair(hasStop, "stop"), std::pair(hasTick, "tick")}) {
    if (has) {
      names.emplace_back(method);
    }
  }
  return names;
}

bool Component::hasInPort(std::string_view port) const {
  return std::find(inPorts.begin(), inPorts.end(), port) != inPorts.end();
}

bool Component::hasOutPort(std::string_view port) const {
  return port == "error" || std::find(outPorts.begin(), outPorts.end(), port) != outPorts.end();
}

const Component* Revision::find(std::string_view type) const {
  const auto at =
      std::find_if(components.begin(), components.end(),
                   [type](const Component& component) { return component.name == type; });
  return at == components.end() ? nullptr : &*at;
}

}  // namespace patchbay::connectors
