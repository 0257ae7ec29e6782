#include "updates/switching.h"

#include "base/json.h"
#include "store/attention.h"
#include "store/audit.h"
#include "store/flows.h"
#include "store/operations.h"
#include "system_webhooks/flow_stopped.h"

namespace patchbay::updates {

namespace {

std::string whatHappened(const Operation& operation) {
  if (operation.action == Action::kRemove) {
    return "Connector " + operation.name + " was removed";
  }
  return "Connector " + operation.name + " was updated from " + operation.from + " to " +
         operation.to;
}

json::array breakingTexts(const Plan& plan, const FlowImpact& flow) {
  json::array texts;
  for (const json::value& entry : plan.changelog) {
    for (const json::value& change : json::getArray(entry.as_object(), "changes")) {
      if (json::getBool(change.as_object(), "breaking")) {
        texts.emplace_back(json::getString(change.as_object(), "text"));
      }
    }
  }
  for (const FlowChange& change : flow.changes) {
    texts.emplace_back(change.change.component + ": " + change.change.message);
  }
  return texts;
}

json::array affectedComponents(const FlowImpact& flow) {
  json::array rows;
  for (const FlowChange& change : flow.changes) {
    json::object* row = rows.empty() ? nullptr : &rows.back().as_object();
    if (row == nullptr || json::getString(*row, "componentId") != change.componentId) {
      rows.push_back(json::object{{"componentId", change.componentId},
                                  {"type", change.change.component},
                                  {"changes", json::array()}});
      row = &rows.back().as_object();
    }
    (*row)["changes"].as_array().push_back(toJson(change));
  }
  return rows;
}

json::array actionsOf(const Operation& operation, const FlowImpact& flow) {
  json::array actions;
  for (const FlowChange& change : flow.changes) {
    actions.push_back(actionRequired(change));
  }
  if (actions.empty()) {
    actions.push_back(json::object{
        {"kind", kReview},
        {"componentId", ""},
        {"message", whatHappened(operation) + ". Check the flow, then start it again."}});
  }
  return actions;
}

}  // namespace

base::Status checkStaying(store::Transaction& tx, const std::string& bundle,
                          const Staying& staying) {
  for (const store::FlowPinRecord& pin : tx.flows().pinsOfBundle(bundle)) {
    if (!pin.sideBySide && !staying.admits(pin.flowId)) {
      return base::fail(base::Code::kStale, "Flow " + pin.flowId + " was started meanwhile.");
    }
  }
  return {};
}

std::vector<std::string> movePins(store::Transaction& tx, const std::string& bundle,
                                  const std::string& revision, bool sideBySide) {
  std::vector<std::string> kept;
  if (sideBySide) {
    for (const store::FlowPinRecord& moved : tx.flows().pinsOfBundle(bundle)) {
      if (moved.sideBySide || moved.revision == revision) {
        continue;
      }
      auto pins = tx.flows().pins(moved.flowId);
      for (store::FlowPinRecord& pin : pins) {
        pin.sideBySide = pin.sideBySide || pin.bundle == bundle;
      }
      tx.flows().setPins(moved.flowId, pins);
      kept.push_back(moved.flowId);
    }
  }
  tx.flows().movePins(bundle, revision);
  return kept;
}

void rollBackPins(store::Transaction& tx, const Operation& undone, const std::string& bundle) {
  const auto before = undone.before.find(bundle);
  const auto after = undone.after.find(bundle);
  if (before == undone.before.end() || after == undone.after.end()) {
    return;
  }
  for (const store::FlowPinRecord& moved : tx.flows().pinsOfBundle(bundle)) {
    const auto flow = tx.flows().byId(moved.flowId);
    const bool isTouched = flow && (flow->mtime > undone.updated || flow->started > undone.updated);
    auto pins = tx.flows().pins(moved.flowId);
    for (store::FlowPinRecord& pin : pins) {
      if (pin.bundle != bundle) {
        continue;
      }
      if (pin.revision == before->second) {
        pin.sideBySide = false;
      } else if (pin.revision == after->second && !before->second.empty()) {
        pin.sideBySide = isTouched;
        pin.revision = isTouched ? pin.revision : before->second;
      }
    }
    tx.flows().setPins(moved.flowId, pins);
  }
  for (const std::string& flowId : tx.attention().flows()) {
    tx.attention().clear(flowId, bundle);
  }
}

void markAttention(store::Transaction& tx, const Operation& operation, const Plan& plan,
                   base::Time now) {
  const std::int64_t since = base::toMillis(now);
  for (const FlowImpact& flow : plan.flows) {
    if (flow.sideBySide) {
      continue;
    }
    for (const FlowChange& change : flow.changes) {
      const json::object action = actionRequired(change);
      tx.attention().put({flow.flowId, std::string(change.action), plan.name, change.componentId,
                          change.service.empty() ? change.field : change.service,
                          json::getString(action, "message"), since});
    }
    if (flow.changes.empty() && operation.stopped.contains(flow.flowId)) {
      tx.attention().put({flow.flowId, std::string(kReview), plan.name, "", "",
                          whatHappened(operation) + ", which stopped this flow. Check it, then "
                                                    "start it again.",
                          since});
    }
  }
}

void tellStopped(const SwitchGround& ground, store::Transaction& tx, const Operation& operation,
                 const Plan& plan) {
  if (operation.stopped.empty() || !ground.outbox.wants(system_webhooks::kFlowStoppedKey)) {
    return;
  }
  for (const FlowImpact& flow : plan.flows) {
    const auto row =
        operation.stopped.contains(flow.flowId) ? tx.flows().byId(flow.flowId) : std::nullopt;
    if (!row) {
      continue;
    }
    system_webhooks::FlowStopped stopped;
    stopped.flowId = flow.flowId;
    stopped.flowName = row->name;
    stopped.userId = row->userId;
    stopped.email = flow.email;
    stopped.type = flow.type;
    stopped.reason = operation.action == Action::kRemove ? "connectorRemove" : "connectorUpdate";
    stopped.stoppedBy = operation.userId;
    stopped.connector = plan.name;
    stopped.from = plan.from;
    stopped.to = plan.to;
    if (const auto document = json::parse(row->document, "flow", 512);
        document && document->is_object()) {
      stopped.customFields = json::getObject(document->get_object(), "customFields");
    }
    stopped.designerUrl = ground.publicUrl + "/backoffice/designer/" + flow.flowId;
    stopped.breakingChanges = breakingTexts(plan, flow);
    stopped.affectedComponents = affectedComponents(flow);
    stopped.actionRequired = actionsOf(operation, flow);
    stopped.created = base::toIso(ground.now);
    ground.outbox.put(tx, system_webhooks::flowStopped(stopped));
  }
}

void addAudit(store::Transaction& tx, const Operation& operation, base::Time now) {
  store::AuditRecord entry;
  entry.at = base::toMillis(now);
  entry.userId = operation.userId;
  entry.action = actionText(operation.action);
  entry.resource = "connector";
  entry.name = operation.name;
  entry.from = operation.from;
  entry.to = operation.to;
  entry.ticket = operation.ticket;
  entry.ip = operation.ip;
  entry.outcome = operation.status;
  tx.audit().add(entry);
}

}  // namespace patchbay::updates
