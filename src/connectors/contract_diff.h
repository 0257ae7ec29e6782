// What changed between two versions of a bundle as far as flows can see it, graded by effect. One
// vocabulary for plan, CLI, audit and tests (docs/formats/contract_diff.md).
//
// It reads manifests only: what the code of a component does differently no diff can see. Threads:
// plain values, free functions.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/component_contract.h"

namespace patchbay::connectors {

enum class Severity : std::uint8_t {
  kBreaking,        // every flow that uses the component
  kBreakingIfUsed,  // flows that fill, reference or leave empty the thing
  kBehaviour,       // runs, but differently
  kHarmless,
};
std::string_view severityText(Severity severity);

struct Change {
  std::string component;
  std::string_view kind;  // "input-removed", …: frozen words
  std::string where;  // "in.<port>.<field>", "out.<port>.<field>", "properties.<field>", "auth",
                      // "quota"; empty = the component
  Severity severity = Severity::kHarmless;
  std::string message;
  std::string now;  // of "…-renamed": the new name; else empty
};

using Contracts = std::map<std::string, ComponentContract>;  // by component name

// By component, then in the order ports, properties, account, trigger, quota.
std::vector<Change> diff(const Contracts& before, const Contracts& after);
bool isBreaking(const std::vector<Change>& changes);
boost::json::object toJson(const Change& change);

}  // namespace patchbay::connectors
