#include "insights/message_statistics.h"

#include <array>
#include <map>

#include "base/json.h"
#include "insights/detail/call_totals.h"

namespace patchbay::insights {

namespace {

using Steps = std::array<std::int64_t, kTimeSteps>;
using Key = std::array<std::string, 4>;

constexpr std::array<const char*, 4> kKeyNames = {"flowId", "componentId", "componentType",
                                                  "connector"};

// The four columns of a group's key; '' where the group adds up.
const char* keySql(StatisticsGroup group) {
  switch (group) {
    case StatisticsGroup::kFlow:
      return "flow_id, '', '', ''";
    case StatisticsGroup::kComponent:
      return "flow_id, component_id, component_type, connector";
    case StatisticsGroup::kComponentType:
      return "'', '', component_type, connector";
    case StatisticsGroup::kConnector:
      break;
  }
  return "'', '', '', connector";
}

Key keyOf(const store::sqlite::Query& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3)};
}

std::string fromTable(const char* table, const Condition& where) {
  return std::string(" FROM ") + table +
         " JOIN origins ON origins.id = origin JOIN flows ON flows.id = origins.flow WHERE " +
         where.sql;
}

struct Group {
  Key key;
  std::int64_t done = 0, failed = 0, bytes = 0;
  std::array<Steps, kMeasures> times{};
};

std::vector<Group> countsOf(LogReader& reader, const StatisticsQuery& query, Condition where) {
  where.parameters.emplace_back(query.limit);
  std::vector<Group> groups;
  reader.each("SELECT " + std::string(keySql(query.group)) +
                  ", sum(done), sum(failed), sum(bytes)" + fromTable("call_counts", where) +
                  " GROUP BY 1, 2, 3, 4 ORDER BY sum(done) + sum(failed) DESC, 1, 2, 3, 4 LIMIT ?",
              where.parameters, [&](const store::sqlite::Query& row) {
                groups.push_back({keyOf(row), row.integer(4), row.integer(5), row.integer(6), {}});
                return true;
              });
  return groups;
}

void addTimes(LogReader& reader, const StatisticsQuery& query, const Condition& where,
              std::vector<Group>& groups) {
  std::map<Key, Group*> byKey;
  for (Group& group : groups) {
    byKey[group.key] = &group;
  }
  reader.each("SELECT " + std::string(keySql(query.group)) + ", measure, step, sum(count)" +
                  fromTable("call_times", where) + " GROUP BY 1, 2, 3, 4, measure, step",
              where.parameters, [&](const store::sqlite::Query& row) {
                const auto found = byKey.find(keyOf(row));
                const auto measure = static_cast<std::size_t>(row.integer(4));
                const auto step = static_cast<std::size_t>(row.integer(5));
                if (found != byKey.end() && measure < kMeasures && step < kTimeSteps) {
                  found->second->times[measure][step] = row.integer(6);
                }
                return true;
              });
}

std::int64_t percentile(const Steps& steps, std::int64_t total, std::int64_t percent) {
  std::int64_t left = (total * percent + 99) / 100;
  for (std::size_t step = 0; step < kTimeSteps; ++step) {
    left -= steps[step];
    if (left <= 0) {
      return longestOf(step);
    }
  }
  return longestOf(kTimeSteps - 1);
}

json::value percentiles(const Group& group, Measure measure) {
  const Steps& steps = group.times[static_cast<std::size_t>(measure)];
  std::int64_t total = 0;
  for (const std::int64_t count : steps) {
    total += count;
  }
  if (total == 0) {
    return nullptr;
  }
  return json::object{{"p50", percentile(steps, total, 50)},
                      {"p90", percentile(steps, total, 90)},
                      {"p99", percentile(steps, total, 99)}};
}

json::object viewOf(const Group& group) {
  json::object view;
  for (std::size_t i = 0; i < kKeyNames.size(); ++i) {
    if (!group.key[i].empty()) {
      view[kKeyNames[i]] = group.key[i];
    }
  }
  view["done"] = group.done;
  view["failed"] = group.failed;
  view["bytes"] = group.bytes;
  view["messageMs"] = percentiles(group, Measure::kMessage);
  view["callMs"] = percentiles(group, Measure::kCall);
  return view;
}

}  // namespace

base::Result<json::array> MessageStatistics::groups(const StatisticsQuery& query) {
  log_.flush();
  try {
    LogReader reader(log_.path().string());
    const Condition hours{"hour >= ? AND hour <= ?",
                          {query.from / kHourMillis * kHourMillis, query.to}};
    const Condition where = both(flowsInScope(reader, query.scope, query.flowIds), hours);
    std::vector<Group> groups = countsOf(reader, query, where);
    addTimes(reader, query, where, groups);
    json::array views;
    for (const Group& group : groups) {
      views.push_back(viewOf(group));
    }
    return views;
  } catch (const store::StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
}

base::Result<std::vector<MonthCount>> MessageStatistics::months(
    const LogScope& scope, const std::vector<std::string>& flowIds, const std::string& from,
    const std::string& to) {
  log_.flush();
  try {
    LogReader reader(log_.path().string());
    Condition where = flowsInScope(reader, scope, flowIds);
    if (!from.empty()) {
      where = both(std::move(where), {"month >= ?", {from}});
    }
    if (!to.empty()) {
      where = both(std::move(where), {"month <= ?", {to}});
    }
    std::vector<MonthCount> months;
    reader.each("SELECT month, sum(count), sum(bytes) FROM months WHERE " + where.sql +
                    " GROUP BY 1 ORDER BY 1",
                where.parameters, [&](const store::sqlite::Query& row) {
                  months.push_back({row.text(0), row.integer(1), row.integer(2)});
                  return true;
                });
    return months;
  } catch (const store::StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
}

}  // namespace patchbay::insights
