#include "plugins/core_views.h"

#include <algorithm>
#include <vector>

#include "base/json.h"
#include "plugins/documents.h"
#include "store/accounts.h"
#include "store/flows.h"
#include "store/states.h"

namespace patchbay::plugins {

namespace {

std::string equalTo(const json::object& arguments, std::string_view field) {
  return json::getString(json::getObject(arguments, "equal"), field);
}

base::Result<std::string> needs(std::string_view view, std::string_view fields) {
  return base::fail(base::Code::kInvalid, "A query of " + std::string(view) + " must name " + std::string(fields) + " by equality.");
}

// What one view lists is bounded by what its query names, so it is one page.
base::Result<std::string> flows(store::Transaction& tx, const json::object& arguments) {
  std::vector<store::FlowRecord> found;
  if (const std::string flowId = equalTo(arguments, "flowId"); !flowId.empty()) {
    if (auto flow = tx.flows().summary(flowId)) {
      found.push_back(std::move(*flow));
    }
  } else {
    found = tx.flows().byStage("running");
  }
  DocumentPage page;
  for (const store::FlowRecord& flow : found) {
    page.add(flow.flowId, json::write(json::object{{"flowId", flow.flowId}, {"userId", flow.userId}, {"stage", flow.stage}, {"name", flow.name}}));
  }
  return page.finish(false);
}

base::Result<std::string> accounts(store::Transaction& tx, const json::object& arguments) {
  std::vector<store::AccountRecord> found;
  const std::string id = equalTo(arguments, "_id").empty() ? equalTo(arguments, "accountId") : equalTo(arguments, "_id");
  if (!id.empty()) {
    if (auto account = tx.accounts().byId(id)) {
      found.push_back(std::move(*account));
    }
  } else if (const std::string userId = equalTo(arguments, "userId"); !userId.empty()) {
    found = tx.accounts().byUser(userId);
  } else {
    return needs("accounts", "_id, accountId or userId");
  }
  DocumentPage page;
  for (const store::AccountRecord& account : found) {
    page.add(account.accountId, json::write(json::object{{"_id", account.accountId},
                                                         {"accountId", account.accountId},
                                                         {"userId", account.userId},
                                                         {"service", account.service},
                                                         {"profileInfo", json::parseOwn(account.profile)}}));
  }
  return page.finish(false);
}

base::Result<std::string> accountComponents(store::Transaction& tx, const json::object& arguments) {
  std::vector<store::AssignmentRecord> found;
  if (const std::string componentId = equalTo(arguments, "componentId"); !componentId.empty()) {
    for (const store::FlowComponentRecord& component : tx.flows().componentsById(componentId)) {
      for (store::AssignmentRecord& one : tx.accounts().ofFlow(component.flowId)) {
        if (one.componentId == componentId) {
          found.push_back(std::move(one));
        }
      }
    }
  } else if (const std::string flowId = equalTo(arguments, "flowId"); !flowId.empty()) {
    found = tx.accounts().ofFlow(flowId);
  } else if (const std::string accountId = equalTo(arguments, "accountId"); !accountId.empty()) {
    found = tx.accounts().ofAccount(accountId);
  } else {
    return needs("accountComponent", "componentId, flowId or accountId");
  }
  DocumentPage page;
  for (const store::AssignmentRecord& one : found) {
    page.add(one.flowId + "/" + one.componentId,
             json::write(json::object{{"accountId", one.accountId}, {"componentId", one.componentId}, {"flowId", one.flowId}}));
  }
  return page.finish(false);
}

base::Result<std::string> serviceState(store::Transaction& tx, const std::string& service, const json::object& arguments) {
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(json::getInt(arguments, "limit").value_or(kLargestPage), 1, kLargestPage));
  const auto rows = tx.states().page("s:" + service, json::getString(arguments, "after"), limit + 1);
  DocumentPage page;
  for (std::size_t i = 0; i < std::min(limit, rows.size()); ++i) {
    page.add(rows[i].first, json::write(json::object{{"key", rows[i].first}, {"value", json::parseOwn(rows[i].second)}}));
  }
  return page.finish(rows.size() > limit);
}

}  // namespace

base::Result<std::string> readCoreView(store::Transaction& tx, const std::string& service, const json::object& arguments) {
  const std::string view = json::getString(arguments, "view");
  if (view == "flows") {
    return flows(tx, arguments);
  }
  if (view == "accounts") {
    return accounts(tx, arguments);
  }
  if (view == "accountComponent") {
    return accountComponents(tx, arguments);
  }
  if (view == "serviceState") {
    return serviceState(tx, service, arguments);
  }
  return DocumentPage().finish(false);
}

}  // namespace patchbay::plugins
