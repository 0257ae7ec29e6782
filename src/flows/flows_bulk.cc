#include "flows/flows_bulk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/log.h"
#include "flows/component_usage.h"
#include "flows/sharing.h"
#include "store/flows.h"

namespace patchbay::flows {

namespace {

constexpr std::string_view kKind = "command-flows";
constexpr std::size_t kMostFailures = 1'000;  // told of, and counted beyond
constexpr std::int64_t kConcurrent = 15;
constexpr std::int64_t kMostConcurrent = 100;
constexpr std::size_t kMostIdBytes = 128;
constexpr std::size_t kSaves = 100;  // of the progress of one command, at most

}  // namespace

std::size_t flowsAtOnce(const access::SystemConfiguration& configuration) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(
      configuration.number("BULK_FLOWS_STOP_CONCURRENCY", kConcurrent), 1, kMostConcurrent));
}

// One command as it goes on; its members are the operation's document.
struct FlowsBulk::Work {
  store::OperationRecord operation;
  bool start = false;
  std::vector<std::string> flows;
  std::size_t done = 0;  // flows before this one have been told
  std::size_t failedCount = 0;
  json::array failed;
  std::string err;
  std::size_t savedAt = 0;  // `done` as the store has it

  static Work read(store::OperationRecord operation) {
    Work work;
    const json::value document = json::parseOwn(operation.document);
    const json::object& members = document.as_object();
    const auto number = [&](std::string_view name) {
      return static_cast<std::size_t>(json::getInt(members, name).value_or(0));
    };
    work.start = json::getBool(members, "start");
    work.flows = json::getStrings(members, "flows");
    work.done = work.savedAt = number("done");
    work.failedCount = number("failedCount");
    work.failed = json::getArray(members, "failed");
    work.err = json::getString(members, "err");
    work.operation = std::move(operation);
    return work;
  }

  std::string document() const {
    return json::write(json::object{{"start", start},
                                    {"flows", json::toArray(flows)},
                                    {"done", done},
                                    {"failedCount", failedCount},
                                    {"failed", failed},
                                    {"err", err}});
  }

  void fail(const std::string& flowId, const std::string& message) {
    ++failedCount;
    if (failed.size() < kMostFailures) {
      failed.push_back(json::object{{"flowId", flowId}, {"message", message}});
    }
  }

  json::object wire() const {
    const bool runs = operation.status == "in-progress";
    json::object progress{{"total", flows.size()}};
    progress[start ? "started" : "stopped"] = done - failedCount;
    progress["failed"] = failed;
    progress["failedCount"] = failedCount;
    return {{"ticket", operation.ticket},
            {"action", "flows"},
            {"command", start ? "start" : "stop"},
            {"status", operation.status},
            {"stepsDone", done},
            {"stepsTotal", flows.size()},
            {"flows", std::move(progress)},
            {"started", base::toIso(base::fromMillis(operation.created))},
            {"finished",
             runs ? json::value() : json::value(base::toIso(base::fromMillis(operation.updated)))},
            {"err", err.empty() ? json::value() : json::value(err)},
            {"startedBy", operation.userId}};
  }
};

FlowsBulk::FlowsBulk(const Parts& parts)
    : parts_(parts),
      commands_(parts.coordinator, thread_),
      thread_(parts.store, {kKind}, [this](store::OperationRecord operation) {
        carryOut(Work::read(std::move(operation)));
      }) {}

base::Result<FlowsBulk::Command> FlowsBulk::parse(const json::object& body) {
  Command command;
  const std::string word = json::getString(body, "command");
  if (word != "start" && word != "stop") {
    return base::fail(base::Code::kInvalid, "\"command\" must be start or stop.");
  }
  command.start = word == "start";
  command.componentType = json::getString(body, "componentType");
  const json::value* ids = json::find(body, "flowIds");
  if ((ids != nullptr) == !command.componentType.empty()) {
    return base::fail(base::Code::kInvalid,
                      "Send either \"flowIds\" or, to stop, \"componentType\".");
  }
  if (ids == nullptr) {
    return command.start ? base::Result<Command>(base::fail(
                               base::Code::kInvalid,
                               "Flows are started by \"flowIds\": \"componentType\" stops only."))
                         : command;
  }
  if (!ids->is_array() || ids->get_array().size() > kMostFlows) {
    return base::fail(base::Code::kInvalid, "\"flowIds\" must be a list of at most 50,000 ids.");
  }
  std::set<std::string_view> seen;
  for (const json::value& id : ids->get_array()) {
    if (!id.is_string() || id.get_string().empty() || id.get_string().size() > kMostIdBytes) {
      return base::fail(base::Code::kInvalid, "\"flowIds\" must hold ids of flows.");
    }
    if (seen.insert(std::string_view(id.get_string())).second) {
      command.flowIds.emplace_back(id.get_string());
    }
  }
  return command;
}

base::Result<std::vector<std::string>> FlowsBulk::runningUsersOf(const std::string& componentType) {
  auto rows =
      componentUsage(parts_.store, {componentType, "running", "", UsageQuery::Group::kFlow});
  if (!rows) {
    return rows.error();
  }
  if (rows->size() > kMostFlows) {
    return base::fail(base::Code::kInvalid,
                      "More than 50,000 flows that run use this; none was stopped. Name a module "
                      "or a component, one after another.");
  }
  std::vector<std::string> ids;
  for (UsageRow& row : *rows) {
    ids.push_back(std::move(row.flowId));
  }
  return ids;
}

base::Result<json::object> FlowsBulk::begin(const access::Caller& caller, Command command) {
  Work work;
  work.start = command.start;
  work.flows = std::move(command.flowIds);
  if (!command.componentType.empty()) {
    auto ids = runningUsersOf(command.componentType);
    if (!ids) {
      return ids.error();
    }
    work.flows = *std::move(ids);
  }
  work.operation.ticket = base::newUuid(parts_.random);
  work.operation.kind = kKind;
  work.operation.status = "in-progress";
  work.operation.userId = caller.userId;
  work.operation.created = base::toMillis(parts_.clock.now());
  if (auto saved = save(work); !saved) {
    return saved.error();
  }
  json::object wire = work.wire();
  thread_.add(std::move(work.operation));
  return wire;
}

base::Result<json::object> FlowsBulk::status(const std::string& ticket) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = atWork_.find(ticket); found != atWork_.end()) {
      return found->second;
    }
  }
  std::optional<store::OperationRecord> operation;
  const auto read = parts_.store.read(
      [&](store::Transaction& rows) { operation = rows.operations().byTicket(ticket); });
  if (!read) {
    return read.error();
  }
  if (!operation || !thread_.owns(*operation)) {
    return base::fail(base::Code::kNotFound, "Ticket " + ticket + " was not found.");
  }
  return Work::read(std::move(*operation)).wire();
}

void FlowsBulk::carryOut(Work work) {
  publish(work);
  auto caller = parts_.users.callerFor(work.operation.userId);
  if (!caller || !(*caller)->isAdmin()) {
    work.err =
        "Who asked for it is no administrator any more. Flows that are not counted here were "
        "not told.";
    finish(work, "failed");
    return;
  }
  while (work.done < work.flows.size()) {
    page(work, **caller);
    if (thread_.ending()) {
      return;  // goes on at the next start
    }
  }
  finish(work, work.failedCount == 0 ? "completed" : "failed");
}

// Tells some flows at once and waits for them.
void FlowsBulk::page(Work& work, const access::Caller& caller) {
  const std::size_t end =
      std::min(work.done + flowsAtOnce(parts_.configuration), work.flows.size());
  struct Told {
    std::string flowId;
    PatientCommands::Command command;
    PatientCommands::Outcome outcome;
    base::Status status;
  };
  std::vector<Told> all;
  for (std::size_t i = work.done; i < end; ++i) {
    Told& told = all.emplace_back();
    told.flowId = work.flows[i];
    if (const auto owner = ownerOf(told.flowId)) {
      told.command = commandOf(work, caller, told.flowId, *owner);
      told.outcome = PatientCommands::give(told.command);
    } else {
      told.status = owner.error();
    }
  }
  for (Told& told : all) {
    if (told.command) {
      told.status = commands_.outcomeOf(told.flowId, told.command, std::move(told.outcome));
    }
  }
  if (thread_.ending()) {
    return;  // these are told again
  }
  for (const Told& told : all) {
    if (!told.status) {
      work.fail(told.flowId, told.status.error().message);
    }
  }
  work.done = end;
  publish(work);
  if (work.done - work.savedAt >= std::max(all.size(), work.flows.size() / kSaves)) {
    if (auto saved = save(work); !saved) {
      spdlog::error("The progress of ticket {} was not saved: {}", work.operation.ticket,
                    saved.error().message);
    }
  }
}

base::Result<std::string> FlowsBulk::ownerOf(const std::string& flowId) {
  std::optional<store::FlowRecord> flow;
  const auto read =
      parts_.store.read([&](store::Transaction& rows) { flow = rows.flows().summary(flowId); });
  if (!read) {
    return read.error();
  }
  return flow ? base::Result<std::string>(std::move(flow->userId))
              : base::Result<std::string>(flowNotFound(flowId));
}

PatientCommands::Command FlowsBulk::commandOf(const Work& work, const access::Caller& caller,
                                              const std::string& flowId,
                                              const std::string& ownerId) {
  if (work.start) {
    return [this, &caller, flowId](Coordinator::Told told) {
      parts_.coordinator.start(flowId, caller, std::move(told));
    };
  }
  const auto reason = ownerId == caller.userId ? StopReason::kOwner : StopReason::kAdmin;
  return [this, reason, flowId](Coordinator::Told told) {
    parts_.coordinator.stop(flowId, reason, InProgressData::kDefault, std::move(told));
  };
}

void FlowsBulk::publish(const Work& work) {
  const std::lock_guard lock(mutex_);
  atWork_[work.operation.ticket] = work.wire();
}

void FlowsBulk::finish(Work& work, const std::string& status) {
  work.operation.status = status;
  if (auto saved = save(work); !saved) {
    spdlog::error("The end of ticket {} was not saved: {}", work.operation.ticket,
                  saved.error().message);
  }
  const std::lock_guard lock(mutex_);
  atWork_.erase(work.operation.ticket);
}

base::Status FlowsBulk::save(Work& work) {
  work.operation.updated = base::toMillis(parts_.clock.now());
  work.operation.document = work.document();
  work.savedAt = work.done;
  return parts_.store.write([&](store::Transaction& rows) -> base::Status {
    rows.operations().put(work.operation);
    return {};
  });
}

}  // namespace patchbay::flows
