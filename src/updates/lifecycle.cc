#include "updates/lifecycle.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/bundle_contract.h"
#include "connectors/manifest.h"
#include "connectors/semver.h"

namespace patchbay::updates {

namespace {

base::Error unknown(const std::string& name, const std::string& version) {
  return base::fail(
      base::Code::kNotFound,
      "There is no connector " + name + (version.empty() ? "" : " in version " + version) +
          ": neither a catalogue offers it nor is it kept here. Nothing was changed.");
}

base::Error notInstalled(const std::string& name) {
  return base::fail(base::Code::kNotInstalled,
                    "Connector " + name + " is not installed. Nothing was changed.");
}

// The newest kept revision of this version; of any where it is empty.
std::shared_ptr<const connectors::Revision> keptRevision(const connectors::Registry& registry,
                                                         const std::string& name,
                                                         const std::string& version) {
  std::shared_ptr<const connectors::Revision> newest;
  for (auto& revision : registry.allOf(name)) {
    if ((version.empty() || revision->version == version) &&
        (!newest || newest->installedAt < revision->installedAt)) {
      newest = std::move(revision);
    }
  }
  return newest;
}

}  // namespace

base::Result<Lifecycle::Source> Lifecycle::find(const std::string& name,
                                                const std::string& version) const {
  Source source;
  source.offer = parts_.catalogues.find(name, version);
  if (!source.offer) {
    source.revision = keptRevision(parts_.registry, name, version);
  } else if (!source.offer->fitsEngine) {
    return base::fail(base::Code::kEngineMismatch,
                      name + " " + source.offer->version + " needs engine " + source.offer->engine +
                          ", which this server is not. Nothing was changed.");
  }
  if (!source.offer && !source.revision) {
    return unknown(name, version);
  }
  source.version = source.offer ? source.offer->version : source.revision->version;
  return source;
}

base::Result<Target> Lifecycle::targetOf(const Source& source) const {
  if (!source.offer) {
    return Target::of(*source.revision);
  }
  auto contract = connectors::readBundleContract(source.offer->file);
  if (!contract) {
    return contract.error();
  }
  Target target;
  target.version = source.offer->version;
  target.changelog = std::move(contract->changelog);
  target.components = std::move(contract->components);
  return target;
}

base::Result<Plan> Lifecycle::planFor(Action action, const std::string& name,
                                      const Source& source) const {
  auto target = targetOf(source);
  return target ? parts_.planner.plan(action, name, std::move(*target))
                : base::Result<Plan>(target.error());
}

base::Result<Plan> Lifecycle::plan(const std::string& action, const Wish& wish) const {
  if (action == "remove") {
    return parts_.registry.current(wish.name)
               ? parts_.planner.plan(Action::kRemove, wish.name, std::nullopt)
               : base::Result<Plan>(notInstalled(wish.name));
  }
  if (action == "rollback") {
    auto undone = undoable(wish);
    if (!undone) {
      return undone.error();
    }
    const std::string& before = undone->before[wish.name];
    const auto revision = parts_.registry.byId(before);
    return parts_.planner.plan(Action::kRollback, wish.name,
                               revision ? std::optional(Target::of(*revision)) : std::nullopt);
  }
  if (action != "install" && action != "update") {
    return base::fail(base::Code::kInvalid,
                      "\"action\" must be install, update, remove or rollback.");
  }
  const auto source = find(wish.name, wish.version);
  if (!source) {
    return source.error();
  }
  return planFor(action == "install" ? Action::kInstall : Action::kUpdate, wish.name, *source);
}

base::Status Lifecycle::confirmed(const Wish& wish, const Plan& plan, base::Code code) const {
  if (!wish.token.empty() && wish.token != plan.token()) {
    return base::fail(
        base::Code::kPlanChanged,
        "Versions or flows have changed since the plan that was confirmed. Nothing was "
        "changed: read the new plan.",
        plan.toJson());
  }
  if (plan.requiresConfirmation() && !wish.confirmed) {
    return base::fail(code,
                      code == base::Code::kConnectorInUse
                          ? "Flows use " + plan.name + ". Nothing was changed: confirm its removal."
                          : "This changes what flows rely on. Nothing was changed: read the plan, "
                            "then confirm it.",
                      plan.toJson());
  }
  return {};
}

Operation Lifecycle::operationOf(Action action, const Wish& wish) const {
  Operation operation;
  operation.action = action;
  operation.name = wish.name;
  operation.userId = wish.userId;
  operation.ip = wish.ip;
  operation.mode = wish.mode;
  operation.confirmed = wish.confirmed;
  operation.stopFlows = wish.stopFlows;
  operation.dropsQueue = wish.dropsQueue;
  return operation;
}

base::Result<Operation> Lifecycle::begin(Action action, const Wish& wish, const Plan& plan,
                                         const Source& source) {
  if (const auto running = parts_.operations.running(wish.name);
      running && running->action == action && running->to == source.version) {
    return *running;  // asked for twice (S27)
  }
  Operation operation = operationOf(action, wish);
  operation.from = plan.from;
  operation.to = source.version;
  Order order;
  if (source.offer) {
    order.archive = [offer = *source.offer]() -> base::Result<connectors::Archive> {
      auto bytes = connectors::readOffer(offer);
      if (!bytes) {
        return bytes.error();
      }
      return connectors::Archive{
          std::move(*bytes), {true, {}}, connectors::ZipLimits::catalogue(), true};
    };
  } else {
    order.revisions[wish.name] = source.revision->id;
  }
  return parts_.operations.begin(std::move(operation), std::move(order));
}

base::Result<Operation> Lifecycle::install(const Wish& wish) {
  if (const auto running = parts_.operations.running(wish.name);
      running && running->action == Action::kInstall) {
    return *running;
  }
  if (parts_.registry.current(wish.name)) {
    return base::fail(base::Code::kAlreadyInstalled,
                      "Connector " + wish.name +
                          " is installed. Nothing was changed: update it to "
                          "change its version.");
  }
  const auto source = find(wish.name, wish.version);
  if (!source) {
    return source.error();
  }
  auto plan = planFor(Action::kInstall, wish.name, *source);
  if (!plan) {
    return plan.error();
  }
  if (auto status = confirmed(wish, *plan, base::Code::kBreakingChange); !status) {
    return status.error();
  }
  return begin(Action::kInstall, wish, *plan, *source);
}

base::Result<Operation> Lifecycle::update(const Wish& wish) {
  const auto current = parts_.registry.current(wish.name);
  if (!current) {
    const auto any = find(wish.name, "");
    return any ? notInstalled(wish.name) : any.error();
  }
  const auto source = find(wish.name, wish.version);
  if (!source) {
    return source.error();
  }
  const auto now = connectors::parseVersion(current->version);
  const auto next = connectors::parseVersion(source->version);
  if (source->version == current->version ||
      (wish.version.empty() && now && next && *next < *now)) {
    return base::fail(base::Code::kUpToDate,
                      "Connector " + wish.name + " is installed in version " + current->version +
                          ", and nothing newer is on offer. Nothing was changed.");
  }
  auto plan = planFor(Action::kUpdate, wish.name, *source);
  if (!plan) {
    return plan.error();
  }
  if (auto status = confirmed(wish, *plan, base::Code::kBreakingChange); !status) {
    return status.error();
  }
  return begin(Action::kUpdate, wish, *plan, *source);
}

base::Result<Operation> Lifecycle::remove(const Wish& wish) {
  const auto current = parts_.registry.current(wish.name);
  if (!current) {
    return notInstalled(wish.name);
  }
  auto plan = parts_.planner.plan(Action::kRemove, wish.name, std::nullopt);
  if (!plan) {
    return plan.error();
  }
  if (auto status = confirmed(wish, *plan, base::Code::kConnectorInUse); !status) {
    return status.error();
  }
  Operation operation = operationOf(Action::kRemove, wish);
  operation.from = current->version;
  Order order;
  order.revisions[wish.name] = "";
  return parts_.operations.begin(std::move(operation), std::move(order));
}

// Everything it made current is current.
bool Lifecycle::stillStands(const Operation& operation) const {
  return std::all_of(operation.after.begin(), operation.after.end(), [this](const auto& made) {
    const auto current = parts_.registry.current(made.first);
    return made.second == (current ? current->id : "");
  });
}

// The operation that a rollback of this connector takes back: the one named, or the last that
// changed it, as long as what it made current still is.
base::Result<Operation> Lifecycle::undoable(const Wish& wish) const {
  std::optional<Operation> operation;
  if (wish.operation.empty()) {
    auto last = parts_.operations.lastOn(wish.name);
    if (!last) {
      return last.error();
    }
    operation = std::move(*last);
  } else if (auto named = parts_.operations.byTicket(wish.operation);
             named && named->status == "completed") {
    operation = std::move(*named);
  }
  if (!operation) {
    return base::fail(base::Code::kNotInstalled,
                      "There is no operation on " + wish.name + " that could be taken back.");
  }
  if (!operation->after.contains(wish.name) || !stillStands(*operation)) {
    return base::fail(base::Code::kConflict,
                      "Connector " + wish.name +
                          " has been changed since that operation. Nothing was changed: take back "
                          "the newest one first.");
  }
  for (const auto& [bundle, revision] : operation->before) {
    if (!revision.empty() && !parts_.registry.byId(revision)) {
      return base::fail(base::Code::kNotInstalled,
                        "The version before is no longer kept (30 days). Nothing was changed: "
                        "install it anew.");
    }
  }
  return std::move(*operation);
}

base::Result<Operation> Lifecycle::rollback(const Wish& wish) {
  auto undone = undoable(wish);
  if (!undone) {
    return undone.error();
  }
  auto plan = this->plan("rollback", wish);
  if (!plan) {
    return plan.error();
  }
  const bool removes = undone->before[wish.name].empty();
  if (removes && !plan->flows.empty() && !wish.confirmed) {
    return base::fail(base::Code::kConnectorInUse,
                      "To take this back removes " + wish.name +
                          ", which flows use. Nothing was changed: confirm it.",
                      plan->toJson());
  }
  Operation operation = operationOf(Action::kRollback, wish);
  operation.undoes = undone->ticket;
  operation.from = undone->to;
  operation.to = undone->from;
  operation.mode = Mode::kStopAll;
  Order order;
  order.revisions = undone->before;
  return parts_.operations.begin(std::move(operation), std::move(order));
}

base::Result<Operation> Lifecycle::restore(const std::string& revisionId, const Wish& wish) {
  const auto revision = parts_.registry.byId(revisionId);
  if (!revision) {
    return base::fail(base::Code::kNotFound,
                      "The trash does not hold " + revisionId + ". Nothing was changed.");
  }
  Wish named = wish;
  named.name = revision->bundle;
  const auto current = parts_.registry.current(revision->bundle);
  if (current && current->id == revisionId) {
    return base::fail(base::Code::kUpToDate, "This version is installed. Nothing was changed.");
  }
  const Source source{std::nullopt, revision, revision->version};
  const Action action = current ? Action::kUpdate : Action::kInstall;
  auto plan = planFor(action, named.name, source);
  if (!plan) {
    return plan.error();
  }
  if (auto status = confirmed(named, *plan, base::Code::kBreakingChange); !status) {
    return status.error();
  }
  return begin(action, named, *plan, source);
}

base::Result<Operation> Lifecycle::publish(connectors::Archive archive, const Wish& wish) {
  if (auto status = connectors::Stager::check(archive); !status) {
    return status.error();
  }
  Order order;
  order.heldBytes = archive.bytes.size();
  order.archive = [held = std::make_shared<connectors::Archive>(std::move(archive))]()
      -> base::Result<connectors::Archive> { return std::move(*held); };
  return parts_.operations.begin(operationOf(Action::kPublish, wish), std::move(order));
}

base::Result<Operation> Lifecycle::removeSelected(const std::string& text,
                                                  const connectors::VendorRights& rights,
                                                  const Wish& wish) {
  auto selector = connectors::Selector::parse(text);
  if (!selector) {
    return selector.error();
  }
  if (auto status = rights.check(selector->parts[0]); !status) {
    return status.error();
  }
  if (!selector->file.empty() || connectors::cutsOf(parts_.registry, *selector).empty()) {
    return base::fail(base::Code::kNotFound,
                      "Nothing is installed as \"" + text.substr(0, 300) + "\".");
  }
  Wish named = wish;
  named.name = selector->dotted;
  named.confirmed = true;
  Operation operation = operationOf(Action::kRemove, named);
  if (const auto current = parts_.registry.current(selector->dotted)) {
    operation.from = current->version;
  }
  Order order;
  order.selector = std::move(*selector);
  return parts_.operations.begin(std::move(operation), std::move(order));
}

}  // namespace patchbay::updates
