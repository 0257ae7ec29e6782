#include "connectors/revision.h"

#include <algorithm>

namespace patchbay::connectors {

bool Component::hasInPort(std::string_view port) const {
  return std::find(inPorts.begin(), inPorts.end(), port) != inPorts.end();
}

bool Component::hasOutPort(std::string_view port) const {
  return port == "error" || std::find(outPorts.begin(), outPorts.end(), port) != outPorts.end();
}

void Component::setMethods(const std::vector<std::string>& exported) {
  const auto has = [&](std::string_view method) {
    return std::find(exported.begin(), exported.end(), method) != exported.end();
  };
  hasStart = has("start");
  hasStop = has("stop");
  hasTick = has("tick");
  hasSignal = has("signal");
}

std::vector<std::string> Component::methods() const {
  std::vector<std::string> methods;
  for (const auto& [method, has] : {std::pair("start", hasStart), std::pair("stop", hasStop), std::pair("tick", hasTick), std::pair("signal", hasSignal)}) {
    if (has) {
      methods.emplace_back(method);
    }
  }
  return methods;
}

const Component* Revision::find(std::string_view type) const {
  const auto at =
      std::find_if(components.begin(), components.end(),
                   [type](const Component& component) { return component.name == type; });
  return at == components.end() ? nullptr : &*at;
}

}  // namespace patchbay::connectors
