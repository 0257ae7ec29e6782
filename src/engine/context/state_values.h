// What the state calls do to the rows of one owner (protocol/README.md §3), for components and for plugins.
//
// Threads: within a store transaction; each value is read and written in it, so they may race. Values are JSON, 16 MiB at most.
// Errors: kTooLarge, kInvalid (the key holds something else); nothing was written.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "base/result.h"
#include "store/states.h"

namespace patchbay::engine {

struct StateOp {
  const char* name;
  bool writes;
  // The reply, JSON.
  base::Result<std::string> (*work)(store::StateTable& states, const std::string& owner, const boost::json::object& arguments);
};

std::span<const StateOp> stateOps();

}  // namespace patchbay::engine
