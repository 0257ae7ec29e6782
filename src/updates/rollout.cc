#include "updates/rollout.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "flows/flows_bulk.h"
#include "store/operations.h"
#include "updates/flow_commands.h"

namespace patchbay::updates {

namespace {

constexpr int kMostRounds = 50;  // of stopping what was started meanwhile
constexpr base::Millis kBetweenRounds{100};
constexpr std::size_t kMostLines = 1000;
constexpr std::size_t kMostWarnings = 120;

json::array linesOf(const std::vector<Plan>& plans) {
  json::array lines;
  for (const Plan& plan : plans) {
    if (plan.majorsDiffer) {
      lines.push_back(json::object{{"dataPath", ""},
                                   {"message", plan.name + ": " + plan.from + " to " + plan.to +
                                                   " is a new major version."}});
    }
    for (const FlowImpact& flow : plan.flows) {
      for (const FlowChange& change : flow.changes) {
        if (flow.running && lines.size() < kMostLines) {
          json::object line = toJson(change);
          line["flowId"] = flow.flowId;
          line["message"] =
              "Flow " + flow.name + ", " + change.change.component + ": " + change.change.message;
          lines.push_back(std::move(line));
        }
      }
    }
  }
  return lines;
}

bool pollsOtherwise(const connectors::Revision* before, const connectors::Revision* after) {
  if (before == nullptr || after == nullptr) {
    return false;
  }
  return std::any_of(after->components.begin(), after->components.end(), [&](const auto& now) {
    const connectors::Component* was = before->find(now.name);
    return was != nullptr && (was->tick != now.tick || was->hasTick != now.hasTick ||
                              was->tickPeriodMs != now.tickPeriodMs);
  });
}

}  // namespace

struct Rollout::Work {
  Operation& operation;
  Ready ready;
  std::vector<Plan> plans;
  std::optional<Operation> undone;  // what a rollback takes back
  Operation next;                   // as it is once the switch has committed

  bool needsConfirmation() const {
    return std::any_of(plans.begin(), plans.end(),
                       [](const Plan& plan) { return plan.requiresConfirmation(); });
  }
  bool removes() const { return operation.action == Action::kRemove; }
};

Rollout::Rollout(const Parts& parts, Progress& progress)
    : parts_(parts),
      staging_(parts.registry, parts.bundles, parts.maker, progress),
      restarts_(parts.store, parts.engine, parts.configuration, parts.clock, progress),
      progress_(progress) {}

base::Status Rollout::enter(Work& work, Phase phase) {
  if (base::Status on = progress_.mayGoOn(work.operation); !on) {
    return on;
  }
  work.operation.phase = phase;
  return progress_.save(work.operation);
}

base::Status Rollout::run(Operation& operation, const Order& order) {
  Work work{operation, {}, {}, {}, {}};
  const connectors::StagingFolder staging(parts_.bundles.stagingFolder(operation.ticket));
  if (base::Status done = enter(work, Phase::kStage); !done) {
    return done;
  }
  if (base::Status staged = staging_.run(operation, order, staging.path(), work.ready); !staged) {
    return staged;
  }
  if (base::Status planned = makePlans(work); !planned) {
    return planned;
  }
  tellWarnings(work);
  if (base::Status confirmed = checkConfirmed(work); !confirmed) {
    return confirmed;
  }
  if (base::Status done = enter(work, Phase::kRestorePoint); !done) {
    return done;
  }
  for (int round = 0; round < kMostRounds; ++round) {
    if (base::Status stopped = stopFlows(work); !stopped) {
      return stopped;
    }
    base::Status switched = switchOver(work);
    if (switched) {
      resume(operation);
      return {};
    }
    if (switched.error().code != base::Code::kStale) {
      return switched;
    }
    if (base::Status planned = makePlans(work); !planned) {
      return planned;
    }
    if (base::Status confirmed = checkConfirmed(work); !confirmed) {
      return confirmed;
    }
  }
  return base::fail(base::Code::kConflict,
                    "Flows that would have to stop were started again and again. Nothing was "
                    "changed: try again, or choose another mode.");
}

base::Status Rollout::makePlans(Work& work) {
  work.plans.clear();
  const auto add = [&](const std::string& bundle,
                       const std::optional<Target>& target) -> base::Status {
    auto plan = parts_.planner.plan(work.operation.action, bundle, target);
    if (!plan) {
      return plan.error();
    }
    work.plans.push_back(std::move(*plan));
    return {};
  };
  for (const auto& fresh : work.ready.activation.fresh) {
    if (base::Status added = add(fresh.revision->bundle, Target::of(*fresh.revision)); !added) {
      return added;
    }
  }
  for (const std::string& id : work.ready.activation.known) {
    const auto revision = parts_.registry.byId(id);
    if (base::Status added = add(revision->bundle, Target::of(*revision)); !added) {
      return added;
    }
  }
  for (const std::string& bundle : work.ready.activation.removed) {
    if (base::Status added = add(bundle, std::nullopt); !added) {
      return added;
    }
  }
  return {};
}

// What the plans say beside flows: a downgrade, a promise that the diff does not bear out.
void Rollout::tellWarnings(Work& work) const {
  auto& known = work.operation.warnings;
  for (const Plan& plan : work.plans) {
    for (const std::string& warning : plan.warnings) {
      if (known.size() < kMostWarnings &&
          std::find(known.begin(), known.end(), warning) == known.end()) {
        known.push_back(warning);
      }
    }
  }
}

base::Status Rollout::checkConfirmed(const Work& work) const {
  const Operation& operation = work.operation;
  if (operation.action == Action::kRollback || work.removes()) {
    return {};  // asked for before the ticket
  }
  if (work.needsConfirmation() && !operation.confirmed) {
    return base::fail(
        base::Code::kBreakingChange,
        "This version breaks flows, or is a new major version, and was not confirmed. "
        "Nothing was changed. Read the plan, then confirm it.",
        linesOf(work.plans));
  }
  if (work.ready.rights.all) {
    return {};
  }
  for (const Plan& plan : work.plans) {
    for (const FlowImpact& flow : plan.flows) {
      if (work.needsConfirmation() && flow.running && flow.userId != operation.userId) {
        return base::fail(base::Code::kForbidden,
                          "This version would stop running flows of other users: an administrator "
                          "has to publish it. Nothing was changed.");
      }
    }
  }
  return {};
}

std::vector<std::string> Rollout::toStop(const Work& work) const {
  const Operation& operation = work.operation;
  const bool stops = work.removes()
                         ? operation.stopFlows
                         : operation.action != Action::kRollback &&
                               operation.mode != Mode::kSideBySide && work.needsConfirmation();
  std::vector<std::string> ids;
  if (stops) {
    for (const Plan& plan : work.plans) {
      const auto running = plan.running(!work.removes() && operation.mode == Mode::kStopAffected);
      ids.insert(ids.end(), running.begin(), running.end());
    }
  }
  return ids;
}

Staying Rollout::staying(const Work& work) const {
  const Operation& operation = work.operation;
  Staying staying;
  staying.all = operation.action == Action::kRollback || operation.mode == Mode::kSideBySide ||
                (work.removes() && !operation.stopFlows);
  const bool stopsAll =
      work.removes() || (operation.mode == Mode::kStopAll && work.needsConfirmation());
  for (const Plan& plan : work.plans) {
    for (const FlowImpact& flow : plan.flows) {
      if (!stopsAll && flow.verdict == Verdict::kSafe) {
        staying.flowIds.insert(flow.flowId);
      }
    }
  }
  return staying;
}

base::Status Rollout::stopFlows(Work& work) {
  Operation& operation = work.operation;
  const auto data =
      operation.dropsQueue ? flows::InProgressData::kDelete : flows::InProgressData::kKeep;
  for (int round = 0; round < kMostRounds; ++round) {
    const std::vector<std::string> ids = toStop(work);
    if (ids.empty()) {
      return {};
    }
    operation.stopped.insert(ids.begin(), ids.end());
    if (base::Status noted = enter(work, Phase::kStop); !noted) {
      return noted;
    }
    bool refused = false;
    forEachFlow(
        ids, flows::flowsAtOnce(parts_.configuration),
        [&](const std::string& flowId, std::function<void(base::Status)> told) {
          parts_.engine.stopForOperation(flowId, data, std::move(told));
        },
        [&](const std::string&, const base::Status& status) {
          refused = refused || !status;
          operation.stoppedNow =
              std::min(operation.stoppedNow + (status ? 1 : 0), operation.stopped.size());
          progress_.show(operation);
        },
        [&] { return progress_.mayGoOn(work.operation).has_value(); });
    if (base::Status on = progress_.mayGoOn(work.operation); !on) {
      return on;
    }
    if (refused) {  // another command of theirs is in progress
      progress_.wait(kBetweenRounds);
    }
    if (base::Status planned = makePlans(work); !planned) {
      return planned;
    }
  }
  return base::fail(base::Code::kConflict,
                    "Flows that have to stop did not. Nothing was changed: try again.");
}

base::Status Rollout::switchOver(Work& work) {
  if (base::Status entered = enter(work, Phase::kSwitch); !entered) {
    return entered;
  }
  if (base::Status read = readUndone(work.operation, work.undone); !read) {
    return read;
  }
  connectors::Activation activation = work.ready.activation;
  activation.also = [this, &work](store::Transaction& tx) { return writeSwitch(tx, work); };
  base::Status switched = parts_.bundles.activate(std::move(activation));
  if (switched) {
    work.operation = std::move(work.next);
  }
  return switched;
}

base::Status Rollout::writeSwitch(store::Transaction& tx, Work& work) {
  Operation next = work.operation;
  const base::Time now = parts_.clock.now();
  const Staying stays = staying(work);
  next.sideBySide.clear();
  for (const Plan& plan : work.plans) {
    const std::string& revision = next.after.at(plan.name);
    if (base::Status checked = checkStaying(tx, plan.name, stays); !checked) {
      return checked;
    }
    if (work.undone) {
      rollBackPins(tx, *work.undone, plan.name);
      continue;
    }
    if (!revision.empty()) {
      auto kept = movePins(tx, plan.name, revision, next.mode == Mode::kSideBySide);
      next.sideBySide.insert(next.sideBySide.end(), kept.begin(), kept.end());
    }
    if (next.mode != Mode::kSideBySide) {
      markAttention(tx, next, plan, now);
    }
    tellStopped({parts_.outbox, parts_.publicUrl, now}, tx, next, plan);
  }
  next.phase = Phase::kResume;
  next.updated = base::toMillis(now);
  tx.operations().put(next.record());
  Operation told = next;
  told.status = "completed";
  addAudit(tx, told, now);
  work.next = std::move(next);
  return {};
}

base::Status Rollout::readUndone(const Operation& operation,
                                 std::optional<Operation>& undone) const {
  if (operation.action != Action::kRollback) {
    return {};
  }
  return parts_.store.read([&](store::Transaction& tx) {
    if (const auto row = tx.operations().byTicket(operation.undoes)) {
      undone = Operation::read(*row);
    }
  });
}

void Rollout::resume(Operation& operation) {
  parts_.outbox.wake();
  for (const auto& [bundle, after] : operation.after) {
    const auto before = parts_.registry.byId(operation.before.at(bundle));
    const auto now = parts_.registry.byId(after);
    if (pollsOtherwise(before.get(), now.get())) {
      parts_.engine.pollingChanged(bundle);
    }
  }
  std::optional<Operation> undone;
  if (const auto read = readUndone(operation, undone); !read) {
    spdlog::error("flows stay stopped after the rollback of {}: {}", operation.name,
                  read.error().message);
  }
  if (undone) {
    restarts_.run(operation, restarts_.untouched(*undone));
  }
}

void Rollout::takeBack(Operation& operation) {
  restarts_.run(operation, {operation.stopped.begin(), operation.stopped.end()});
}

}  // namespace patchbay::updates
