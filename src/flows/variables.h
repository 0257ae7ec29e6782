// What a component's fields may refer to: the variables its ancestors offer, as their manifests
// list them (rest-api §15, flow-format §9).
//
// Pure over the graph, the installed connectors and what was fetched; safe from any thread. A port
// whose fields come from a call
// (`source`) offers what was fetched of it, and its raw output; one whose fields are not there is
// named in `errors` with the address of that call. A form, or the choices of a field (`static`), that
// come from a call are what was fetched of them; a call that failed is named in `errors`. Bounded: kMostVariables in all, kTooLarge
// beyond.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

// The components whose out ports are offered to those asked for.
std::vector<const Node*> sendersFor(const Descriptor& flow, const VariablesAsked& asked);

// The components asked for themselves, whose forms are shown.
std::vector<const Node*> askedNodes(const Descriptor& flow, const VariablesAsked& asked);

// What the calls of sources have answered: by component id and out port, or formPlace().
using FetchedFields =
    std::map<std::pair<std::string, std::string>, base::Result<boost::json::value>>;

// {"components": {id: {"links": …, "properties": …}}, "flow": […]}
base::Result<boost::json::object> variablesOf(const Descriptor& flow,
                                              const connectors::Registry& registry,
                                              const VariablesAsked& asked,
                                              const FetchedFields& fetched);

}  // namespace patchbay::flows
