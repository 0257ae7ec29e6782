#include "updates/plan.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/file_tree.h"

namespace patchbay::updates {

namespace {

using connectors::Severity;

constexpr std::size_t kMostFlowsListed = 10'000;

json::object shortRow(const FlowImpact& flow) {
  return {{"flowId", flow.flowId}, {"name", flow.name}, {"userId", flow.userId}};
}

json::object countsOf(const std::vector<FlowImpact>& flows) {
  json::object verdicts{{"safe", 0}, {"auto-migratable", 0}, {"needs-owner", 0}, {"broken", 0}};
  std::int64_t automations = 0;
  std::int64_t integrations = 0;
  for (const FlowImpact& flow : flows) {
    auto& count = verdicts[verdictText(flow.verdict)];
    count = count.as_int64() + 1;
    if (flow.running) {
      (flow.type.starts_with("integration") ? integrations : automations) += 1;
    }
  }
  return {{"verdicts", std::move(verdicts)},
          {"running", json::object{{"automations", automations}, {"integrations", integrations}}}};
}

std::string messageOf(const FlowChange& change) {
  return (change.label.empty() ? change.change.component : change.label) + ": " +
         change.change.message;
}

}  // namespace

std::string_view actionText(Action action) {
  switch (action) {
    case Action::kInstall:
      return "install";
    case Action::kUpdate:
      return "update";
    case Action::kPublish:
      return "publish";
    case Action::kRemove:
      return "remove";
    case Action::kRollback:
      return "rollback";
  }
  return "update";
}

std::string_view verdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSafe:
      return "safe";
    case Verdict::kAutoMigratable:
      return "auto-migratable";
    case Verdict::kNeedsOwner:
      return "needs-owner";
    case Verdict::kBroken:
      return "broken";
  }
  return "safe";
}

bool Plan::breaking() const {
  return connectors::isBreaking(changes) ||
         std::any_of(flows.begin(), flows.end(),
                     [](const FlowImpact& flow) { return flow.verdict != Verdict::kSafe; });
}

bool Plan::requiresConfirmation() const {
  if (action == Action::kRemove) {
    return !flows.empty();
  }
  return (majorsDiffer && !from.empty()) ||
         std::any_of(flows.begin(), flows.end(), [](const FlowImpact& flow) {
           return flow.running && !flow.sideBySide && flow.verdict != Verdict::kSafe;
         });
}

std::vector<std::string> Plan::running(bool onlyAffected) const {
  std::vector<std::string> ids;
  for (const FlowImpact& flow : flows) {
    if (flow.running && !flow.sideBySide && (!onlyAffected || flow.verdict != Verdict::kSafe)) {
      ids.push_back(flow.flowId);
    }
  }
  return ids;
}

std::string Plan::token() const {
  std::string text = std::string(actionText(action)) + "\n" + name + "\n" + from + "\n" + to;
  for (const FlowImpact& flow : flows) {
    text += "\n" + flow.flowId + (flow.running ? " running " : " stopped ");
    text += verdictText(flow.verdict);
  }
  return connectors::sha256Hex(text).substr(0, 32);
}

json::object actionRequired(const FlowChange& change) {
  json::object action{{"kind", change.action}, {"componentId", change.componentId}};
  if (!change.field.empty()) {
    action["field"] = change.field;
  }
  if (!change.service.empty()) {
    action["service"] = change.service;
  }
  action["message"] = messageOf(change);
  return action;
}

json::object toJson(const FlowChange& change) {
  json::object wire = connectors::toJson(change.change);
  wire["componentId"] = change.componentId;
  wire["field"] = json::orNull(change.field);
  wire["action"] = change.action;
  wire["verdict"] = verdictText(change.verdict);
  return wire;
}

json::object toJson(const FlowImpact& flow) {
  json::array changes;
  for (const FlowChange& change : flow.changes) {
    changes.push_back(toJson(change));
  }
  return {{"flowId", flow.flowId},
          {"name", flow.name},
          {"userId", flow.userId},
          {"email", json::orNull(flow.email)},
          {"type", flow.type},
          {"stage", flow.running ? "running" : "stopped"},
          {"sideBySide", flow.sideBySide},
          {"verdict", verdictText(flow.verdict)},
          {"changes", std::move(changes)}};
}

json::object Plan::toJson() const {
  json::array interface, removed, added, rows, running, stopped;
  for (const connectors::Change& change : changes) {
    interface.push_back(connectors::toJson(change));
    if (change.kind == "component-removed" || change.kind == "component-renamed") {
      removed.emplace_back(change.component);
    } else if (change.kind == "other" && change.where.empty()) {
      added.emplace_back(change.component);
    }
  }
  for (const FlowImpact& flow : flows) {
    if (rows.size() < kMostFlowsListed) {
      rows.push_back(updates::toJson(flow));
      (flow.running ? running : stopped).push_back(shortRow(flow));
    }
  }
  return {{"action", actionText(action)},
          {"name", name},
          {"from", json::orNull(from)},
          {"to", json::orNull(to)},
          {"breaking", breaking()},
          {"declaredBreaking", declaredBreaking},
          {"requiresConfirmation", requiresConfirmation()},
          {"changes", changelog},
          {"removedComponents", std::move(removed)},
          {"addedComponents", std::move(added)},
          {"interfaceChanges", std::move(interface)},
          {"flows", std::move(rows)},
          {"affectedFlows",
           json::object{{"running", std::move(running)}, {"stopped", std::move(stopped)}}},
          {"counts", countsOf(flows)},
          {"stoppedWebhook", stoppedWebhook},
          {"warnings", json::toArray(warnings)},
          {"confirmationToken", token()}};
}

}  // namespace patchbay::updates
