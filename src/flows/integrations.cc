#include "flows/integrations.h"

#include <utility>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "flows/instance_update.h"

namespace patchbay::flows {

namespace {

constexpr std::string_view kUpdateKind = "update-instances";
constexpr std::string_view kDeleteKind = "delete-integration";

std::string typeOf(const store::FlowRecord& flow) {
  return json::getString(json::parseOwn(flow.document).get_object(), "type");
}

// begin() has checked the right of the person who asked; the instances are other people's.
const access::Caller& server() {
  static const access::Caller kServer{"", "", "", {"admin"}, {}};
  return kServer;
}

}  // namespace

// One command as it goes on; its members are the operation's document.
struct Integrations::Work {
  store::OperationRecord operation;
  std::string integrationId;       // the template, or what was named for deletion
  std::vector<std::string> flows;  // to be updated or deleted, in this order
  std::size_t done = 0;
  std::string restart;  // an instance that was stopped and is to run again
  bool dropsData = false;
  std::int64_t failed = 0;
  std::string error;  // of the first that failed

  static Work read(store::OperationRecord operation) {
    Work work;
    const json::value document = json::parseOwn(operation.document);
    const json::object& members = document.as_object();
    work.integrationId = json::getString(members, "integrationId");
    for (const json::value& flow : json::getArray(members, "flows")) {
      work.flows.emplace_back(flow.as_string());
    }
    work.done = static_cast<std::size_t>(json::getInt(members, "done").value_or(0));
    work.restart = json::getString(members, "restart");
    work.dropsData = json::getBool(members, "dropsData");
    work.failed = json::getInt(members, "failed").value_or(0);
    work.error = json::getString(members, "error");
    work.operation = std::move(operation);
    return work;
  }

  std::string document() const {
    return json::write(json::object{{"integrationId", integrationId},
                                    {"flows", boost::json::value_from(flows)},
                                    {"done", done},
                                    {"restart", restart},
                                    {"dropsData", dropsData},
                                    {"failed", failed},
                                    {"error", error}});
  }

  bool updates() const { return operation.kind == kUpdateKind; }

  void fail(const std::string& flowId, const base::Error& reason) {
    if (failed++ == 0) {
      error =
          "Flow " + flowId + " was not " + (updates() ? "updated: " : "deleted: ") + reason.message;
    }
  }
};

Integrations::Integrations(store::Store& store, Flows& flows, Coordinator& coordinator,
                           access::Users& users, base::Random& random, const base::Clock& clock)
    : store_(store),
      flows_(flows),
      coordinator_(coordinator),
      users_(users),
      random_(random),
      clock_(clock),
      commands_(coordinator, thread_),
      thread_(store, {kUpdateKind, kDeleteKind},
              [this](store::OperationRecord operation) { run(Work::read(std::move(operation))); }) {
}

base::Result<std::string> Integrations::beginUpdate(const access::Caller& caller,
                                                    const std::string& templateId,
                                                    InProgressData data) {
  auto flow = flows_.find(caller, templateId, Right::kWrite);
  if (!flow) {
    return flow.error();
  }
  if (typeOf(*flow) != "integration-template") {
    return base::fail(base::Code::kInvalid, "Flow " + templateId + " is no integration-template.");
  }
  Work work;
  work.operation.kind = kUpdateKind;
  work.integrationId = templateId;
  work.dropsData = data == InProgressData::kDelete;
  auto status = store_.read([&](store::Transaction& rows) {
    work.flows = rows.flows().naming(store::FlowReference::kTemplate, templateId);
  });
  return status ? begin(caller, std::move(work)) : base::Result<std::string>(status.error());
}

base::Result<std::string> Integrations::beginDelete(const access::Caller& caller,
                                                    const std::string& flowId) {
  auto flow = flows_.find(caller, flowId, Right::kWrite);
  if (!flow) {
    return flow.error();
  }
  const std::string type = typeOf(*flow);
  if (type != "integration-template" && type != "integration-draft") {
    return base::fail(base::Code::kInvalid,
                      "Flow " + flowId + " is no integration-draft and no integration-template.");
  }
  auto flows = flowsOf(caller, *flow);
  if (!flows) {
    return flows.error();
  }
  Work work;
  work.operation.kind = kDeleteKind;
  work.integrationId = flowId;
  work.flows = std::move(*flows);
  return begin(caller, std::move(work));
}

// Instances first, then templates, then the draft. originFlowId is what somebody wrote into his
// flow: a draft or template named by it is of this integration only when the caller may write it
// too.
base::Result<std::vector<std::string>> Integrations::flowsOf(const access::Caller& caller,
                                                             const store::FlowRecord& flow) {
  std::string draft = flow.flowId;
  if (typeOf(flow) == "integration-template") {
    draft = json::getString(json::parseOwn(flow.document).get_object(), "originFlowId");
    const auto row = draft.empty() ? base::Result<store::FlowRecord>(flowNotFound(draft))
                                   : flows_.find(caller, draft, Right::kWrite);
    draft = row && typeOf(*row) == "integration-draft" ? draft : "";
  }
  std::vector<std::string> templates;
  std::vector<std::string> all;
  const auto status = store_.read([&](store::Transaction& rows) {
    for (const std::string& id : draft.empty()
                                     ? std::vector<std::string>{flow.flowId}
                                     : rows.flows().naming(store::FlowReference::kOrigin, draft)) {
      const auto row = rows.flows().byId(id);
      if (row && typeOf(*row) == "integration-template" &&
          checkRight(*row, caller, Right::kWrite)) {
        templates.push_back(id);
      }
    }
    for (const std::string& id : templates) {
      for (std::string& instance : rows.flows().naming(store::FlowReference::kTemplate, id)) {
        all.push_back(std::move(instance));
      }
    }
  });
  if (!status) {
    return status.error();
  }
  all.insert(all.end(), templates.begin(), templates.end());
  if (!draft.empty()) {
    all.push_back(std::move(draft));
  }
  return all;
}

base::Result<std::string> Integrations::begin(const access::Caller& caller, Work work) {
  const std::string ticket = base::newUuid(random_);
  work.operation.ticket = ticket;
  work.operation.status = "in-progress";
  work.operation.userId = caller.userId;
  work.operation.created = base::toMillis(clock_.now());
  if (auto status = save(work); !status) {
    return status.error();
  }
  thread_.add(std::move(work.operation));
  return ticket;
}

base::Result<json::object> Integrations::status(const access::Caller& caller,
                                                const std::string& ticket) {
  std::optional<store::OperationRecord> operation;
  const auto read = store_.read(
      [&](store::Transaction& rows) { operation = rows.operations().byTicket(ticket); });
  if (!read) {
    return read.error();
  }
  if (!operation || !thread_.owns(*operation) ||
      (operation->userId != caller.userId && !caller.isAdmin())) {
    return base::fail(base::Code::kNotFound, "Ticket " + ticket + " was not found.");
  }
  const Work work = Work::read(std::move(*operation));
  json::object wire{{"state", work.operation.status},
                    {"status", work.operation.status},
                    {"stepsDone", work.done},
                    {"stepsTotal", work.flows.size()}};
  if (work.operation.status == "failed") {
    wire["error"] = work.error;
  }
  return wire;
}

void Integrations::run(Work work) {
  if (!carryOut(work)) {
    return;  // goes on at the next start
  }
  work.operation.status = work.failed == 0 ? "completed" : "failed";
  if (work.failed > 1) {
    work.error += " (and " + std::to_string(work.failed - 1) + " more)";
  }
  if (auto saved = save(work); !saved) {
    spdlog::error("The end of ticket {} was not saved: {}", work.operation.ticket,
                  saved.error().message);
  }
}

// False: cut off by the end of the server.
bool Integrations::carryOut(Work& work) {
  while (work.done < work.flows.size()) {
    if (thread_.ending()) {
      return false;
    }
    const std::string flowId = work.flows[work.done];
    if (auto status = work.updates() ? updateOne(work, flowId) : deleteOne(flowId); !status) {
      if (thread_.ending()) {
        return false;
      }
      work.fail(flowId, status.error());
    }
    ++work.done;
    work.restart.clear();
    if (auto saved = save(work); !saved) {
      spdlog::error("The progress of ticket {} was not saved: {}", work.operation.ticket,
                    saved.error().message);
    }
  }
  return true;
}

// Every step may be repeated: a command that was cut off comes here again.
base::Status Integrations::updateOne(Work& work, const std::string& flowId) {
  auto instance = rowOf(flowId);
  if (!instance || !*instance) {
    return instance ? base::Status() : base::Status(instance.error());
  }
  if ((*instance)->stage != "stopped" && work.restart != flowId) {
    work.restart = flowId;
    if (auto saved = save(work); !saved) {
      return saved;
    }
  }
  const auto data = work.dropsData ? InProgressData::kDelete : InProgressData::kKeep;
  auto status = commands_.obeyed(flowId, [&](Coordinator::Told told) {
    coordinator_.stop(flowId, StopReason::kOperation, data, std::move(told));
  });
  if (status) {
    status = writeOne(work, flowId);
  }
  if (work.restart == flowId) {
    if (auto started = startOne(**instance); status && !started) {
      status = started;
    }
  }
  return status;
}

base::Status Integrations::writeOne(const Work& work, const std::string& flowId) {
  auto templateFlow = rowOf(work.integrationId);
  auto instance = rowOf(flowId);
  if (!templateFlow || !instance) {
    return templateFlow ? instance.error() : templateFlow.error();
  }
  if (!*templateFlow || !*instance) {
    return flowNotFound(*instance ? work.integrationId : flowId);
  }
  auto put =
      flows_.put(server(), flowId, instanceUpdate(**templateFlow, **instance, random_));
  return put ? base::Status() : base::Status(put.error());
}

// As its owner, who must be allowed to use what it is made of now (R28).
base::Status Integrations::startOne(const store::FlowRecord& instance) {
  auto owner = users_.callerFor(instance.userId);
  if (!owner) {
    return owner.error();
  }
  return commands_.obeyed(instance.flowId, [&](Coordinator::Told told) {
    coordinator_.start(instance.flowId, **owner, std::move(told));
  });
}

base::Status Integrations::deleteOne(const std::string& flowId) {
  auto row = rowOf(flowId);
  if (!row || !*row) {
    return row ? base::Status() : base::Status(row.error());
  }
  auto status = commands_.obeyed(
      flowId, [&](Coordinator::Told told) { coordinator_.dropFlow(flowId, std::move(told)); });
  return status ? flows_.remove(server(), flowId) : status;
}

base::Result<std::optional<store::FlowRecord>> Integrations::rowOf(const std::string& flowId) {
  std::optional<store::FlowRecord> row;
  const auto status =
      store_.read([&](store::Transaction& rows) { row = rows.flows().byId(flowId); });
  if (!status) {
    return status.error();
  }
  return row;
}

base::Status Integrations::save(Work& work) {
  work.operation.updated = base::toMillis(clock_.now());
  work.operation.document = work.document();
  return store_.write([&](store::Transaction& rows) -> base::Status {
    rows.operations().put(work.operation);
    return {};
  });
}

}  // namespace patchbay::flows
