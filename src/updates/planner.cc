#include "updates/planner.h"

#include <set>

#include "access/user.h"
#include "base/json.h"
#include "connectors/bundle_contract.h"
#include "connectors/changelog.h"
#include "connectors/semver.h"
#include "flows/descriptor.h"
#include "store/flows.h"
#include "store/users.h"
#include "store/webhook_deliveries.h"
#include "system_webhooks/addressees.h"
#include "system_webhooks/event.h"
#include "updates/impact.h"

namespace patchbay::updates {

namespace {

using connectors::Change;
using connectors::Revision;
using connectors::Severity;

bool isRunning(const std::string& stage) {
  return stage == "running" || stage == "starting";
}

connectors::Contracts contractsOf(const Revision& revision) {
  connectors::Contracts contracts;
  for (const connectors::Component& component : revision.components) {
    contracts.emplace(component.name, connectors::contractOf(component.manifest));
  }
  return contracts;
}

// What only loading the code tells: components that no longer load, accounts of another kind.
void addLoaded(const Revision& before, const Target& target, std::vector<Change>& changes) {
  for (const connectors::Component& component : before.components) {
    const auto error = target.loadErrors.find(component.name);
    if (component.loadError.empty() && error != target.loadErrors.end() && !error->second.empty()) {
      changes.push_back({component.name,
                         kLoadFailed,
                         "",
                         Severity::kBreaking,
                         "The component does not load: " + error->second,
                         {}});
    }
  }
  for (const connectors::AuthModule& auth : before.auths) {
    const auto type = target.authTypes.find(auth.service);
    if (type == target.authTypes.end() || type->second == auth.type || auth.type.empty()) {
      continue;
    }
    for (const connectors::Component& component : before.components) {
      if (component.authService == auth.service && target.components.contains(component.name)) {
        if (type->second.starts_with("oauth")) {
          changes.push_back({component.name,
                             kConfigRequired,
                             "auth",
                             Severity::kBreaking,
                             "It signs in with " + type->second +
                                 " now: an administrator has to configure the service's client "
                                 "credentials.",
                             {}});
        }
        changes.push_back({component.name,
                           kAuthTypeChanged,
                           "auth",
                           Severity::kBreaking,
                           "Its accounts are of type " + type->second + " now instead of " +
                               auth.type + ": users must sign in again.",
                           {}});
      }
    }
  }
}

std::vector<Change> changesBetween(const Revision* before, const std::optional<Target>& target) {
  if (before == nullptr) {
    return {};
  }
  std::vector<Change> changes =
      connectors::diff(contractsOf(*before), target ? target->components : connectors::Contracts());
  if (target) {
    addLoaded(*before, *target, changes);
  }
  return changes;
}

}  // namespace

Target Target::of(const Revision& revision) {
  Target target;
  target.version = revision.version;
  if (const json::value* changelog = json::find(revision.bundleManifest, "changelog")) {
    target.changelog = *changelog;
  }
  target.components = contractsOf(revision);
  for (const connectors::Component& component : revision.components) {
    target.loadErrors.emplace(component.name, component.loadError);
  }
  for (const connectors::AuthModule& auth : revision.auths) {
    target.authTypes.emplace(auth.service, auth.type);
  }
  return target;
}

struct Planner::Work {
  Plan plan;
  std::shared_ptr<const Revision> before;  // null: nothing is known of it
  const std::optional<Target>& target;
  std::map<std::string, std::string, std::less<>> sideBySide;  // flow → the revision it stays on
  std::map<std::string, access::Caller, std::less<>> owners;   // by id
  connectors::Contracts none;
};

base::Result<Plan> Planner::plan(Action action, const std::string& bundle,
                                 const std::optional<Target>& target) const {
  Work work{{}, parts_.registry.current(bundle), target, {}, {}, {}};
  const bool isInstalled = work.before != nullptr;
  if (!isInstalled) {
    work.before = newestKnown(bundle);
  }
  Plan& plan = work.plan;
  plan.action = action;
  plan.name = bundle;
  plan.from = isInstalled ? work.before->version : "";
  plan.to = target ? target->version : "";
  plan.changes = changesBetween(work.before.get(), target);
  if (work.before && target) {
    const auto from = connectors::parseVersion(work.before->version);
    const auto to = connectors::parseVersion(target->version);
    plan.majorsDiffer = isInstalled && from && to && from->major != to->major;
    plan.declaredBreaking =
        isInstalled && from && to && connectors::isDeclaredBreaking(*from, *to, target->changelog);
    if (to) {
      plan.changelog = connectors::changelogEntries(
          target->changelog, *to, {isInstalled ? from : std::optional<connectors::Version>(), to});
    }
  }
  if (auto read = parts_.store.read([&](store::Transaction& tx) {
        readFlows(tx, work);
        tellWebhook(tx, plan);
      });
      !read) {
    return read.error();
  }
  tellWitnesses(plan);
  return std::move(plan);
}

// The revision of a bundle that is not installed any more.
std::shared_ptr<const Revision> Planner::newestKnown(const std::string& bundle) const {
  std::shared_ptr<const Revision> newest;
  for (auto& revision : parts_.registry.allOf(bundle)) {
    if (!newest || newest->installedAt < revision->installedAt) {
      newest = std::move(revision);
    }
  }
  return newest;
}

void Planner::readFlows(store::Transaction& tx, Work& work) const {
  std::set<std::string> types;
  if (work.before) {
    for (const connectors::Component& component : work.before->components) {
      types.insert(component.name);
    }
  }
  std::set<std::string> flowIds;
  for (const store::FlowPinRecord& pin : tx.flows().pinsOfBundle(work.plan.name)) {
    flowIds.insert(pin.flowId);
    if (pin.sideBySide) {
      work.sideBySide.emplace(pin.flowId, pin.revision);
    }
  }
  for (const std::string& type : types) {
    for (store::FlowComponentRecord& row : tx.flows().componentsByType(type)) {
      flowIds.insert(std::move(row.flowId));
    }
  }
  for (const std::string& flowId : flowIds) {
    judge(tx, work, flowId);
  }
}

void Planner::judge(store::Transaction& tx, Work& work, const std::string& flowId) const {
  const auto row = tx.flows().byId(flowId);
  if (!row) {
    return;
  }
  FlowImpact impact;
  impact.flowId = flowId;
  impact.name = row->name;
  impact.userId = row->userId;
  impact.running = isRunning(row->stage);
  impact.sideBySide = work.sideBySide.contains(flowId);
  auto owner = work.owners.find(row->userId);
  if (owner == work.owners.end()) {
    const auto user = tx.users().byId(row->userId);
    owner = work.owners
                .emplace(row->userId,
                         user ? access::User::fromRecord(*user).toCaller() : access::Caller())
                .first;
  }
  impact.email = owner->second.email;
  auto document = json::parse(row->document, "The flow's document", 512);
  if (document && document->is_object()) {
    json::object& members = document->get_object();
    impact.type = json::getString(members, "type", "automation");
    const json::value* graph = json::find(members, "flow");
    auto descriptor = flows::Descriptor::parse(graph ? *graph : json::value(json::object()));
    if (descriptor && !impact.sideBySide && !work.plan.changes.empty()) {
      const ImpactGround ground{
          work.plan.changes, work.target ? work.target->components : work.none,
          [&](const std::string& type) { return parts_.acl.mayUse(owner->second, type, true); }};
      impact.changes = impactOn(**descriptor, ground);
    }
  }
  impact.verdict = worst(impact.changes);
  work.plan.flows.push_back(std::move(impact));
}

// Whether anybody hears of flows that stop; and whether he who would is stopped himself (S119,
// S122).
void Planner::tellWebhook(store::Transaction& tx, Plan& plan) const {
  const auto urls = system_webhooks::addressees(
      parts_.configuration, {std::string(system_webhooks::kFlowStoppedKey), "", ""});
  store::WebhookDeliveryFilter filter;
  filter.event = system_webhooks::kFlowStoppedKey;
  const auto last = tx.webhookDeliveries().list(filter, 0, 1);
  plan.stoppedWebhook = {
      {"configured", !urls.empty()},
      {"urls", json::toArray(urls)},
      {"lastDelivery", last.empty()
                           ? json::value(nullptr)
                           : json::value(base::toIso(base::fromMillis(last.front().created)))}};
  for (const std::string& url : urls) {
    const std::string handler = system_webhooks::flowOf(url);
    for (const FlowImpact& flow : plan.flows) {
      if (flow.flowId == handler && flow.running) {
        plan.warnings.push_back("Flow " + flow.name +
                                " is told of flows that stop, and uses this connector itself: it "
                                "may be stopped with them.");
      }
    }
  }
}

// The version's promise and the changelog's words, where they say something else than the diff.
void Planner::tellWitnesses(Plan& plan) const {
  std::size_t hit = 0;
  for (const FlowImpact& flow : plan.flows) {
    hit += flow.verdict == Verdict::kSafe ? 0 : 1;
  }
  const std::size_t running = plan.running(false).size();
  if (plan.action == Action::kRemove) {
    plan.warnings.push_back(
        running == 0 ? "No running flow uses it."
                     : std::to_string(running) +
                           (running == 1 ? " running flow uses" : " running flows use") +
                           " it: unless stopped first, each fails when one of its components is "
                           "called, and its messages wait and are tried again.");
    return;
  }
  if (plan.from.empty()) {
    return;
  }
  if (plan.requiresConfirmation()) {
    plan.warnings.push_back(
        std::to_string(running) +
        (running == 1 ? " running flow uses it and is" : " running flows use it and are") +
        " going to be stopped, unless another mode is chosen.");
  }
  if (plan.declaredBreaking && hit == 0) {
    plan.warnings.push_back("Declared breaking, but no flow of yours is affected.");
  } else if (!plan.declaredBreaking && hit > 0) {
    plan.warnings.push_back("Not declared breaking, but " + std::to_string(hit) +
                            (hit == 1 ? " flow" : " flows") + " would break.");
  }
  const auto from = connectors::parseVersion(plan.from);
  const auto to = connectors::parseVersion(plan.to);
  if (from && to && *to < *from) {
    plan.warnings.push_back("This is a downgrade, from " + plan.from + " to " + plan.to + ".");
  }
}

}  // namespace patchbay::updates
