#include "flows/component_usage.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/json.h"
#include "base/random.h"
#include "store/flows.h"

namespace patchbay::flows {
namespace {

using boost::json::object;

std::vector<UsageRow> ungrouped(const std::vector<UsageRow>& byFlow) {
  std::vector<UsageRow> rows;
  for (const UsageRow& flow : byFlow) {
    for (const std::string& type : flow.types) {
      rows.push_back({flow.flowId, flow.userId, flow.flowName, flow.stage, {type}});
    }
  }
  return rows;
}

// One row a user: his first flow, and the types of all.
std::vector<UsageRow> byUser(const std::vector<UsageRow>& byFlow) {
  std::map<std::string, UsageRow> users;
  for (const UsageRow& flow : byFlow) {
    const auto [place, fresh] = users.emplace(flow.userId, flow);
    if (!fresh) {
      place->second.types.insert(place->second.types.end(), flow.types.begin(), flow.types.end());
    }
  }
  std::vector<UsageRow> rows;
  for (auto& [userId, row] : users) {
    std::sort(row.types.begin(), row.types.end());
    row.types.erase(std::unique(row.types.begin(), row.types.end()), row.types.end());
    rows.push_back(std::move(row));
  }
  return rows;
}

// 24 hex characters that are the same at every call.
std::string rowId(std::string_view text) {
  std::array<std::uint8_t, crypto_generichash_BYTES_MIN> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return base::toHex(std::span<const std::uint8_t>(hash).first(12));
}

}  // namespace

bool usesType(std::string_view componentType, std::string_view sought) {
  if (sought.empty()) {
    return true;
  }
  std::string dotted(sought);
  std::replace(dotted.begin(), dotted.end(), ':', '.');
  std::string whole = ".";
  whole.append(componentType).push_back('.');
  dotted.insert(dotted.begin(), '.');
  dotted.push_back('.');
  return whole.find(dotted) != std::string::npos;
}

std::string_view shownStage(std::string_view stored) {
  return stored == "running" || stored == "starting" ? "running" : "stopped";
}

TypesByFlow flowsUsing(store::Transaction& rows, std::string_view componentType) {
  TypesByFlow types;
  for (const std::string& type : rows.flows().componentTypes()) {
    if (!usesType(type, componentType)) {
      continue;
    }
    for (store::FlowComponentRecord& row : rows.flows().componentsByType(type)) {
      types[std::move(row.flowId)].insert(type);
    }
  }
  return types;
}

base::Result<std::vector<UsageRow>> componentUsage(store::Store& store, const UsageQuery& query) {
  std::vector<UsageRow> byFlow;
  const auto status = store.read([&](store::Transaction& rows) {
    for (const auto& [flowId, types] : flowsUsing(rows, query.componentType)) {
      const auto flow = rows.flows().summary(flowId);
      if (!flow || (!query.stage.empty() && shownStage(flow->stage) != query.stage) ||
          (!query.userId.empty() && flow->userId != query.userId)) {
        continue;
      }
      byFlow.push_back({flowId,
                        flow->userId,
                        flow->name,
                        std::string(shownStage(flow->stage)),
                        {types.begin(), types.end()}});
    }
  });
  if (!status) {
    return status.error();
  }
  switch (query.group) {
    case UsageQuery::Group::kNone:
      return ungrouped(byFlow);
    case UsageQuery::Group::kUser:
      return byUser(byFlow);
    case UsageQuery::Group::kFlow:
      break;
  }
  return byFlow;
}

object wireUsage(const UsageRow& row, UsageQuery::Group group) {
  const std::string& first = row.types.front();
  object wire{{"_id", rowId(row.flowId + "\n" + first)},
              {"type", "componentUsage"},
              {"flowId", row.flowId},
              {"userId", row.userId},
              {"value1", first},
              {"value2", row.stage}};
  if (group != UsageQuery::Group::kNone) {
    wire["componentTypes"] = json::toArray(row.types);
    wire["flowName"] = row.flowName;
  }
  return wire;
}

}  // namespace patchbay::flows
