#include "http/routes/message_statistics.h"

#include <array>
#include <charconv>
#include <memory>
#include <set>

#include "base/json.h"
#include "flows/component_usage.h"
#include "http/routes/log_scope.h"
#include "insights/log_fields.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Parts = MessageStatisticsParts;
using Group = insights::StatisticsGroup;

constexpr std::int64_t kMaxGroups = 1'000;
constexpr std::size_t kMaxFlows = 1'000;

base::Error invalid(std::string message) {
  return base::fail(base::Code::kInvalid, std::move(message));
}

base::Result<Group> groupOf(const Request& request) {
  static constexpr std::array<std::pair<std::string_view, Group>, 4> kGroups = {
      {{"flowId", Group::kFlow},
       {"componentId", Group::kComponent},
       {"componentType", Group::kComponentType},
       {"connector", Group::kConnector}}};
  const std::string text = request.queryValue("group").value_or("flowId");
  for (const auto& [name, group] : kGroups) {
    if (text == name || (text.starts_with('$') && text.substr(1) == name)) {
      return group;
    }
  }
  return invalid("\"group\" must be $flowId, $componentId, $componentType or $connector.");
}

base::Result<std::int64_t> timeOf(const Request& request, std::string_view name,
                                  std::string_view absent, std::int64_t now) {
  const std::string text = request.queryValue(name).value_or(std::string(absent));
  const auto time = insights::timeOf(text, now, name == "to");
  return time ? base::Result<std::int64_t>(*time)
              : invalid("\"" + std::string(name) +
                        "\" must be a time: ISO, ms since 1970, or as in now-7d.");
}

base::Result<std::int64_t> limitOf(const Request& request, std::int64_t absent) {
  const auto text = request.queryValue("limit");
  std::int64_t number = absent;
  if (text) {
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (text->empty() || failure != std::errc() || end != text->data() + text->size() ||
        number < 1 || number > kMaxGroups) {
      return invalid("\"limit\" must be a number from 1 to 1000.");
    }
  }
  return number;
}

Answer messages(Parts& parts, const Request& request) {
  insights::StatisticsQuery query;
  const std::int64_t now = base::toMillis(parts.clock.now());
  auto scope = logScopeOf(parts.flows, *request.caller);
  auto group = groupOf(request);
  auto from = timeOf(request, "from", "now-1d", now);
  auto to = timeOf(request, "to", "now", now);
  auto limit = limitOf(request, query.limit);
  if (!scope || !group || !from || !to || !limit) {
    return !scope   ? scope.error()
           : !group ? group.error()
           : !from  ? from.error()
           : !to    ? to.error()
                    : limit.error();
  }
  query.scope = std::move(*scope);
  query.group = *group;
  query.from = *from;
  query.to = *to;
  query.limit = *limit;
  query.flowIds = request.queryValues("flowId");
  std::erase(query.flowIds, "");
  if (query.flowIds.size() > kMaxFlows) {
    return invalid("At most 1000 flowId parameters are allowed.");
  }
  auto found = parts.statistics.groups(query);
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

// "2026-03", or the month of any time that logs understand; empty when absent.
base::Result<std::string> monthOf(const Request& request, std::string_view name, std::int64_t now) {
  const std::string text = request.queryValue(name).value_or("");
  if (text.empty()) {
    return text;
  }
  const auto time = insights::timeOf(text.size() == 7 ? text + "-01" : text, now);
  return time ? base::Result<std::string>(base::toIso(base::fromMillis(*time)).substr(0, 7))
              : invalid("\"" + std::string(name) + "\" must be a month, as in 2026-03, or a time.");
}

struct Months {
  std::string from, to;
  std::int64_t count = 0, bytes = 0;
  json::array stats;
};

base::Result<Months> monthsOf(Parts& parts, const Request& request, const insights::LogScope& scope,
                              const std::vector<std::string>& flowIds) {
  const std::int64_t now = base::toMillis(parts.clock.now());
  auto from = monthOf(request, "from", now);
  auto to = monthOf(request, "to", now);
  if (!from || !to) {
    return !from ? from.error() : to.error();
  }
  auto found = parts.statistics.months(scope, flowIds, *from, *to);
  if (!found) {
    return found.error();
  }
  Months months{std::move(*from), std::move(*to), 0, 0, {}};
  for (const insights::MonthCount& month : *found) {
    months.count += month.count;
    months.bytes += month.bytes;
    months.stats.push_back(
        json::object{{"date", month.month}, {"count", month.count}, {"size", month.bytes}});
  }
  return months;
}

// "acme.invoices.core.Create" → "acme.invoices"
std::string appOf(const std::string& type) {
  const std::size_t vendor = type.find('.');
  return type.substr(0, vendor == std::string::npos ? vendor : type.find('.', vendor + 1));
}

Answer own(Parts& parts, const Request& request) {
  const std::string& userId = request.caller->userId;
  auto months = monthsOf(parts, request, {false, userId, {}}, {});
  auto used = flows::componentUsage(parts.store, {"", "", userId, flows::UsageQuery::Group::kNone});
  if (!months || !used) {
    return !months ? months.error() : used.error();
  }
  std::set<std::string> running, active, apps;
  for (const flows::UsageRow& row : *used) {
    for (const std::string& type : row.types) {
      apps.insert(appOf(type));
      if (row.stage == "running") {
        running.insert(row.flowId);
        active.insert(appOf(type));
      }
    }
  }
  const auto counted = [&](std::size_t count) {
    return json::object{{"userId", userId}, {"count", count}};
  };
  return jsonResponse(json::object{{"messageCounts", json::object{{"from", months->from},
                                                                  {"to", months->to},
                                                                  {"count", months->count},
                                                                  {"userId", userId}}},
                                   {"runningFlows", counted(running.size())},
                                   {"activeConnectors", counted(active.size())},
                                   {"usedApps", json::array(apps.begin(), apps.end())}});
}

Answer byMonth(Parts& parts, const Request& request) {
  const std::string userId = request.queryValue("userId").value_or("");
  auto months = monthsOf(parts, request, {userId.empty(), userId, {}}, {});
  if (!months) {
    return months.error();
  }
  return jsonResponse(json::object{{"from", months->from},
                                   {"to", months->to},
                                   {"totalCount", months->count},
                                   {"totalSize", months->bytes},
                                   {"stats", std::move(months->stats)}});
}

Answer ofFlow(Parts& parts, const Request& request) {
  auto months = monthsOf(parts, request, {true, "", {}}, {std::string(request.param("flowId"))});
  if (!months) {
    return months.error();
  }
  return jsonResponse(json::object{{"totalCount", months->count}, {"totalSize", months->bytes}});
}

}  // namespace

void addMessageStatisticsRoutes(Router& router, MessageStatisticsParts parts) {
  const auto shared = std::make_shared<Parts>(std::move(parts));
  using Run = Answer (*)(Parts&, const Request&);
  const auto add = [&](std::string pattern, Access access, Run run, std::string summary) {
    Route route;
    route.method = Method::kGet;
    route.pattern = std::move(pattern);
    route.access = access;
    route.summary = std::move(summary);
    route.handler = [shared, run](Request& request) { return run(*shared, request); };
    router.add(std::move(route));
  };
  add("/stats/messages", Access::kUser, messages,
      "Messages handled and how long they took, by flow, component or connector");
  add("/telemetry", Access::kUser, own, "The caller's messages, running flows and connectors");
  add("/telemetry/messages", Access::kAdmin, byMonth, "Messages handled, by month");
  add("/telemetry/flows/:flowId", Access::kAdmin, ofFlow, "Messages that a flow has handled");
}

}  // namespace patchbay::http
