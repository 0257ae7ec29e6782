// What a component's out ports carry, flat, as loadOutputSchemaProperties of components tells it (component-runtime §8.9).
//
// Pure; safe from any thread. {port: [{path, label, type}]}: a path begins with its port ("out.items.name"); members of a list stand below
// it as if there were one of them. Bounded: kMostPaths of one port, schemas kDeepestSchema deep.
#pragma once

#include <boost/json/object.hpp>

#include "connectors/registry.h"
#include "flows/descriptor.h"
#include "flows/variables.h"

namespace patchbay::flows {

inline constexpr std::size_t kMostPaths = 10'000;
inline constexpr std::size_t kDeepestSchema = 32;

// `fetched`: of ports whose fields come from a call; those that failed list nothing.
boost::json::object outputProperties(const Node& node, const connectors::Registry& registry, const FetchedFields& fetched);

}  // namespace patchbay::flows
