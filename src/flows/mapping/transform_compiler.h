// Compiles the lambda of a transform and its modifiers into a program.
//
// Threads: one thread. What cannot be native is noticed (`native` false) and compiled no further; the scope it may read is
// gathered all the same.
#pragma once

#include <memory>
#include <vector>

#include <boost/json/value.hpp>

#include "flows/mapping/compiled_transform.h"
#include "flows/mapping/program.h"

namespace patchbay::flows::mapping {

struct Compilation {
  std::shared_ptr<const Program> program;
  bool native = true;
  bool needsWholeScope = false;
  std::vector<ScopeReference> references;
};

Compilation compileLambda(const boost::json::value& lambda, const boost::json::value& modifiers,
                          const ChangedModifiers& changed);

}  // namespace patchbay::flows::mapping
