// Reading side of Flows: one flow, lists, and who shares what with whom.
#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "flows/attention_view.h"
#include "flows/component_usage.h"
#include "flows/flow_document.h"
#include "flows/flows.h"
#include "store/attention.h"

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
  object wire = wireFlow(*record, viewerOf(*record, caller));
  const auto reader = [&](store::Transaction& rows) { addAttention(rows, flowId, wire); };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  return wire;
}

namespace {

// The parts of a selection that the store has indexes for.
class Sieve {
 public:
  Sieve(store::Transaction& rows, const FlowSelection& selection) : selection_(selection) {
    for (std::string& flowId : rows.attention().flows()) {
      attention_.insert(std::move(flowId));
    }
    if (!selection.componentType.empty()) {
      users_ = flowsUsing(rows, selection.componentType);
    }
  }

  bool admits(const store::FlowRecord& record) const {
    return (!selection_.userId || record.userId == *selection_.userId) &&
           (selection_.stage.empty() || shownStage(record.stage) == selection_.stage) &&
           (selection_.componentType.empty() || users_.contains(record.flowId)) &&
           (!selection_.attention || needsAttention(record.flowId) == *selection_.attention);
  }
  bool needsAttention(const std::string& flowId) const { return attention_.contains(flowId); }

  // Everybody's, newest first or in any order. Reads no document in vain where an index tells.
  std::vector<store::FlowRecord> everybodys(store::Transaction& rows) const {
    std::vector<store::FlowRecord> records;
    const auto take = [&](const std::string& flowId) {
      if (const auto summary = rows.flows().summary(flowId); summary && admits(*summary)) {
        records.push_back(*rows.flows().byId(flowId));
      }
    };
    if (!selection_.componentType.empty()) {
      for (const auto& [flowId, types] : users_) {
        take(flowId);
      }
    } else if (selection_.attention.value_or(false)) {
      for (const std::string& flowId : attention_) {
        take(flowId);
      }
    } else {
      return rows.flows().all();
    }
    return records;
  }

 private:
  const FlowSelection& selection_;
  std::set<std::string, std::less<>> attention_;
  TypesByFlow users_;
};

}  // namespace

base::Result<std::vector<object>> Flows::list(const access::Caller& caller,
                                              const FlowSelection& selection) {
  const bool everybody = caller.isAdmin() && selection.scope == FlowSelection::Scope::kEverybody;
  const bool ofOne = selection.userId && (caller.isAdmin() || *selection.userId == caller.userId);
  std::vector<store::FlowRecord> shared;
  if (!ofOne && !everybody) {
    auto found = sharedWith(caller);
    if (!found) {
      return found.error();
    }
    shared = *std::move(found);
  }
  std::vector<object> wire;
  const auto status = store_.read([&](store::Transaction& rows) {
    const Sieve sieve(rows, selection);
    std::vector<store::FlowRecord> records =
        ofOne       ? rows.flows().byUser(*selection.userId)
        : everybody ? sieve.everybodys(rows)
                    : rows.flows().byUser(caller.userId);
    std::move(shared.begin(), shared.end(), std::back_inserter(records));
    std::erase_if(records, [&](const auto& record) { return !sieve.admits(record); });
    newestFirst(records);
    wire.reserve(records.size());
    for (const store::FlowRecord& record : records) {
      wire.push_back(wireFlow(record, viewerOf(record, caller)));
      if (sieve.needsAttention(record.flowId)) {
        addAttention(rows, record.flowId, wire.back());
      }
    }
  });
  if (!status) {
    return status.error();
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
