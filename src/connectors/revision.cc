#include "connectors/revision.h"

#include <algorithm>

namespace patchbay::connectors {

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
