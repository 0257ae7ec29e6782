// What a component's fields may refer to: the variables its ancestors offer, as their manifests
// list them (rest-api §15, flow-format §9).
//
// Pure over the graph and the installed connectors; safe from any thread. A port whose fields come
// from a call (`source`) offers its raw output only, and is named in `errors` with the address of
// that call. Bounded: kMostVariables in all, kTooLarge beyond.
#pragma once

#include <boost/json/value.hpp>
#include <set>
#include <string>

#include "base/result.h"
#include "connectors/registry.h"
#include "flows/descriptor.h"

namespace patchbay::flows {

inline constexpr std::size_t kMostVariables = 200'000;

struct VariablesAsked {
  bool flow = true;   // those of the flow itself
  bool links = true;  // of links, and of properties
  bool properties = true;
  bool compress = false;  // entries once, in "dynamicComponentVariables"; links name them by index
  std::set<std::string, std::less<>> componentIds;  // empty = all
};

// {"components": {id: {"links": …, "properties": …}}, "flow": […]}
base::Result<boost::json::object> variablesOf(const Descriptor& flow,
                                              const connectors::Registry& registry,
                                              const VariablesAsked& asked);

}  // namespace patchbay::flows
