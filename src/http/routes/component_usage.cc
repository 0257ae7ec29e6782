#include "http/routes/component_usage.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/json.h"
#include "flows/component_usage.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Group = flows::UsageQuery::Group;

base::Result<flows::UsageQuery> readQuery(const Request& request) {
  flows::UsageQuery query;
  query.componentType = request.queryValue("componentType").value_or("");
  query.userId = request.queryValue("userId").value_or("");
  query.stage = request.queryValue("stage").value_or("");
  if (!query.stage.empty() && query.stage != "running" && query.stage != "stopped") {
    return base::fail(base::Code::kInvalid, "\"stage\" must be running or stopped.");
  }
  const std::string group = request.queryValue("group").value_or("");
  if (group == "$flowId" || group == "flowId") {
    query.group = Group::kFlow;
  } else if (group == "$userId" || group == "userId") {
    query.group = Group::kUser;
  } else if (!group.empty()) {
    return base::fail(base::Code::kInvalid, "\"group\" must be $flowId or $userId.");
  }
  return query;
}

base::Result<std::size_t> numberOf(const Request& request, std::string_view name,
                                   std::size_t absent) {
  const auto text = request.queryValue(name);
  if (!text) {
    return absent;
  }
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (text->empty() || failure != std::errc() || end != text->data() + text->size()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be a number.");
  }
  return number;
}

Answer usage(store::Store& store, const Request& request) {
  auto query = readQuery(request);
  auto offset = numberOf(request, "offset", 0);
  auto limit = numberOf(request, "limit", std::numeric_limits<std::size_t>::max());
  if (!query || !offset || !limit) {
    return !query ? query.error() : !offset ? offset.error() : limit.error();
  }
  auto rows = flows::componentUsage(store, *query);
  if (!rows) {
    return rows.error();
  }
  if (request.queryValue("count")) {
    return jsonResponse(json::array{json::object{{"count", rows->size()}}});
  }
  json::array wire;
  const std::size_t begin = std::min(*offset, rows->size());
  const std::size_t end = begin + std::min(*limit, rows->size() - begin);
  for (std::size_t i = begin; i < end; ++i) {
    wire.push_back(flows::wireUsage((*rows)[i], query->group));
  }
  return jsonResponse(std::move(wire));
}

}  // namespace

void addComponentUsageRoutes(Router& router, store::Store& store) {
  router.add(Method::kGet, "/stats/component-usage", {.access = Access::kAdmin},
             "Flows or users that use a component, module or connector",
             [&store](Request& request) { return usage(store, request); });
}

}  // namespace patchbay::http
