#include "flows/component_usage.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/json.h"
#include "base/random.h"
#include "store/flows.h"

namespace patchbay::flows {
namespace {

using boost::json::object;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStages = {
    {{"running", "running"},
     {"starting", "running"},
     {"stopped", "stopped"},
     {"stopping", "stopped"}}};

// Flows without their documents, under the stage that is shown.
using FlowsById = std::map<std::string, store::FlowRecord, std::less<>>;

FlowsById flowsById(store::Transaction& rows) {
  FlowsById all;
  for (const auto& [stored, shown] : kStages) {
    for (store::FlowRecord& record : rows.flows().byStage(stored)) {
      record.stage = std::string(shown);
      std::string id = record.flowId;
      all.insert_or_assign(std::move(id), std::move(record));
    }
  }
  return all;
}

// Distinct types of each flow that match.
std::map<std::string, std::set<std::string>> matchingTypes(store::Transaction& rows,
                                                           const UsageQuery& query) {
  std::map<std::string, std::set<std::string>> types;
  for (const store::FlowComponentRecord& row : rows.flows().allComponents()) {
    if (usesType(row.type, query.componentType)) {
      types[row.flowId].insert(row.type);
    }
  }
  return types;
}

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

base::Result<std::vector<UsageRow>> componentUsage(store::Store& store, const UsageQuery& query) {
  std::vector<UsageRow> byFlow;
  const auto status = store.read([&](store::Transaction& rows) {
    const FlowsById flows = flowsById(rows);
    for (const auto& [flowId, types] : matchingTypes(rows, query)) {
      const auto flow = flows.find(flowId);
      if (flow == flows.end() || (!query.stage.empty() && flow->second.stage != query.stage) ||
          (!query.userId.empty() && flow->second.userId != query.userId)) {
        continue;
      }
      byFlow.push_back({flowId,
                        flow->second.userId,
                        flow->second.name,
                        flow->second.stage,
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
