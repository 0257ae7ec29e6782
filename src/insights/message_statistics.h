// How many messages flows and connectors have handled, and how long they took.
//
// A message is counted when an attempt of it ends: done, or failed (it may be tried again). Its time runs from being queued to
// being done, retries included; a call's time is that of one attempt in its worker. Ticks, starts and stops are no messages.
// Threads: safe from any thread; sees all that was counted before.
// Errors: kUnavailable when it takes longer than 10 s.
// Units: ms since 1970; ranges by whole hours, months by UTC.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "insights/flow_log.h"
#include "insights/flow_scope.h"

namespace patchbay::insights {

enum class StatisticsGroup : std::uint8_t { kFlow, kComponent, kComponentType, kConnector };

struct StatisticsQuery {
  LogScope scope;
  std::vector<std::string> flowIds;  // only these; empty = all of the scope
  StatisticsGroup group = StatisticsGroup::kFlow;
  std::int64_t from = 0, to = 0;
  std::int64_t limit = 100;  // the groups with most messages
};

struct MonthCount {
  std::string month;  // 2026-03
  std::int64_t count = 0, bytes = 0;
};

class MessageStatistics {
 public:
  // Must outlive this.
  explicit MessageStatistics(FlowLog& log) : log_(log) {}

  // [{"flowId"?, "componentId"?, "componentType"?, "connector"?, "done", "failed", "bytes",
  //   "messageMs": {"p50","p90","p99"} | null, "callMs": the same}]
  base::Result<boost::json::array> groups(const StatisticsQuery& query);
  // By month, oldest first; `from` and `to` are months, both included; empty = no bound.
  base::Result<std::vector<MonthCount>> months(const LogScope& scope,
                                               const std::vector<std::string>& flowIds,
                                               const std::string& from, const std::string& to);

 private:
  FlowLog& log_;
};

}  // namespace patchbay::insights
