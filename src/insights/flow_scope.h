// Whose records and counts may be seen, and the flows of logs.db that this is.
//
// Threads: a LogReader's thread.
// Errors: StoreError.
#pragma once

#include <string>
#include <vector>

#include "insights/condition.h"
#include "insights/log_reader.h"

namespace patchbay::insights {

struct LogScope {
  bool everything = false;           // administrators
  std::string userId;                // records of the caller's own flows, present and past
  std::vector<std::string> flowIds;  // flows that are shared with the caller
};

Condition oneOf(const char* column, const std::vector<std::string>& texts);

// `flow = 7`, `flow IN (…)` or all, over the numbers of flows, which have the indexes. `flowIds`:
// only these; empty = all of the scope.
Condition flowsInScope(LogReader& reader, const LogScope& scope,
                       const std::vector<std::string>& flowIds);

}  // namespace patchbay::insights
