// Reading side of Flows: one flow, lists, and who shares what with whom.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "flows/flow_document.h"
#include "flows/flows.h"

namespace patchbay::flows {

using boost::json::object;
using boost::json::value;

base::Result<std::optional<store::FlowRecord>> Flows::rowOf(const std::string& flowId) {
  std::optional<store::FlowRecord> row;
  const auto reader = [&](store::Transaction& rows) { row = rows.flows().byId(flowId); };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  return row;
}

base::Result<store::FlowRecord> Flows::find(const access::Caller& caller, const std::string& flowId,
                                            Right right) {
  auto row = rowOf(flowId);
  if (!row) {
    return row.error();
  }
  if (!row->has_value()) {
    return flowNotFound(flowId);
  }
  if (auto status = checkRight(**row, caller, right); !status) {
    return status.error();
  }
  return **std::move(row);
}

namespace {

const access::Caller* viewerOf(const store::FlowRecord& record, const access::Caller& caller) {
  return record.userId == caller.userId || caller.isAdmin() ? nullptr : &caller;
}

void newestFirst(std::vector<store::FlowRecord>& records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.mtime > b.mtime; });
}

}  // namespace

base::Result<object> Flows::get(const access::Caller& caller, const std::string& flowId) {
  auto record = find(caller, flowId, Right::kRead);
  if (!record) {
    return record.error();
  }
  return wireFlow(*record, viewerOf(*record, caller));
}

base::Result<std::vector<object>> Flows::list(const access::Caller& caller,
                                              std::optional<std::string> userId) {
  std::vector<store::FlowRecord> records;
  const std::string owner = userId && caller.isAdmin() ? *userId : caller.userId;
  const auto reader = [&](store::Transaction& rows) { records = rows.flows().byUser(owner); };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  if (!userId || (*userId != caller.userId && !caller.isAdmin())) {
    auto shared = sharedWith(caller);
    if (!shared) {
      return shared.error();
    }
    std::move(shared->begin(), shared->end(), std::back_inserter(records));
  }
  if (userId) {
    std::erase_if(records, [&](const auto& record) { return record.userId != *userId; });
  }
  newestFirst(records);
  std::vector<object> wire;
  wire.reserve(records.size());
  for (const store::FlowRecord& record : records) {
    wire.push_back(wireFlow(record, viewerOf(record, caller)));
  }
  return wire;
}

base::Result<std::vector<store::FlowRecord>> Flows::sharedWith(const access::Caller& caller) {
  std::vector<std::string> candidates;
  {
    const std::lock_guard lock(sharesMutex_);
    if (auto status = indexShares(); !status) {
      return status.error();
    }
    for (const auto& [flowId, entries] : shares_) {
      if (permissionsOf(entries, caller).read) {
        candidates.push_back(flowId);
      }
    }
  }
  std::vector<store::FlowRecord> records;
  const auto reader = [&](store::Transaction& rows) {
    for (const std::string& flowId : candidates) {
      auto row = rows.flows().byId(flowId);
      if (row && row->userId != caller.userId) {
        records.push_back(*std::move(row));
      }
    }
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  std::erase_if(records,
                [&](const auto& record) { return !checkRight(record, caller, Right::kRead); });
  return records;
}

base::Result<std::string> Flows::flowOfComponent(const access::Caller& caller,
                                                 const std::string& componentId) {
  std::vector<store::FlowRecord> holders;
  const auto reader = [&](store::Transaction& rows) {
    for (const store::FlowComponentRecord& row : rows.flows().componentsById(componentId)) {
      if (auto flow = rows.flows().byId(row.flowId)) {
        holders.push_back(*std::move(flow));
      }
    }
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  std::erase_if(holders, [&](const auto& flow) { return !checkRight(flow, caller, Right::kRead); });
  if (holders.empty()) {
    return base::fail(base::Code::kNotFound,
                      "Component " + componentId + " was not found in a flow of yours.");
  }
  if (holders.size() > 1) {
    return base::fail(
        base::Code::kConflict,
        "Component " + componentId + " stands in several flows; use a route that names the flow.");
  }
  return holders.front().flowId;
}

// Under sharesMutex_.
base::Status Flows::indexShares() {
  if (sharesKnown_) {
    return {};
  }
  std::vector<store::FlowRecord> records;
  const auto reader = [&](store::Transaction& rows) { records = rows.flows().all(); };
  if (auto status = store_.read(reader); !status) {
    return status;
  }
  for (const store::FlowRecord& record : records) {
    noteShares(record);
  }
  sharesKnown_ = true;
  return {};
}

void Flows::rememberShares(const store::FlowRecord& record) {
  const std::lock_guard lock(sharesMutex_);
  if (sharesKnown_) {
    noteShares(record);
  }
}

// Under sharesMutex_.
void Flows::noteShares(const store::FlowRecord& record) {
  shares_.erase(record.flowId);
  if (record.document.find("\"sharedWith\"") == std::string::npos) {
    return;
  }
  const value document = json::parseOwn(record.document);
  const value* entries = json::find(document, "sharedWith");
  if (entries != nullptr && entries->is_array() && !entries->get_array().empty()) {
    shares_.emplace(record.flowId, *entries);
  }
}

}  // namespace patchbay::flows
