// A flow of a simulation: a trigger and what hangs on it, drawn from the seed.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "catalogue.h"
#include "seeded_random.h"

namespace patchbay::simulate {

struct FlowNode {
  Kind kind = Kind::kRelay;
  std::vector<std::string> targets;  // nodes linked to its port out
};

struct FlowGraph {
  std::string flowId;
  std::string trigger;
  std::map<std::string, FlowNode> nodes;

  static FlowGraph draw(const std::string& flowId, SeededRandom& random);
  // As a store's row keeps it: {"name", "flow": {…}}.
  boost::json::object document() const;
};

}  // namespace patchbay::simulate
