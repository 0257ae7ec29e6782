#include "flows/flows.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "connectors/registry.h"
#include "flows/descriptor.h"
#include "flows/detail/setting_number.h"
#include "flows/flow_clone.h"
#include "flows/flow_document.h"
#include "flows/flow_versions.h"
#include "store/accounts.h"
#include "store/datastores.h"
#include "store/flow_versions.h"
#include "store/messages.h"
#include "store/states.h"
#include "store/unprocessed.h"

namespace patchbay::flows {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kMaxFlowIdBytes = 128;
constexpr int kMaxTries = 8;  // of a write that meets another one of the same flow

bool isFlowId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxFlowIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

std::vector<store::FlowComponentRecord> componentRows(const std::string& flowId,
                                                      const value& flow) {
  std::vector<store::FlowComponentRecord> rows;
  for (const auto& [id, node] : flow.get_object()) {
    rows.push_back({flowId, std::string(id), json::getString(node.get_object(), "type")});
  }
  return rows;
}

// An object ready for its first write.
object newDocument() {
  object document;
  document["name"] = "New flow";
  document["type"] = "automation";
  document["flow"] = object();
  return document;
}

base::Error isRunning(const store::FlowRecord& record) {
  if (record.stage == "running") {
    return base::fail(
        base::Code::kConflict,
        "The flow is running and was not changed. Stop it first, or send forceUpdate=true.");
  }
  return base::fail(
      base::Code::kConflict,
      "The flow is " + record.stage + " and was not changed. Try again when it has settled.");
}

base::Error beingChanged() {
  return base::fail(
      base::Code::kConflict,
      "The flow is being changed by others at the same time; nothing was saved. Try again.");
}

base::Error changedMeanwhile(const std::optional<store::FlowRecord>& current) {
  return base::fail(base::Code::kChanged,
                    current ? "The flow was changed at " +
                                  base::toIso(base::fromMillis(current->mtime)) +
                                  ", after it was read. Nothing was saved: read it again, then "
                                  "save your change."
                            : "The flow does not exist (any more). Nothing was saved.");
}

base::Status mayPut(const std::optional<store::FlowRecord>& current, const access::Caller& caller,
                    const std::string& flowId) {
  if (!current) {
    return {};
  }
  auto status = checkRight(*current, caller, Right::kWrite);
  if (!status && status.error().code == base::Code::kNotFound) {
    return base::fail(base::Code::kConflict,
                      "Flow id " + flowId + " belongs to another user; choose another id.");
  }
  return status;
}

// All rows that hang on a flow. Its payloads go with the sweep of those no message names.
void eraseAll(store::Transaction& rows, const std::string& flowId) {
  rows.messages().eraseFlow(flowId);
  rows.unprocessed().eraseFlow(flowId);
  rows.states().clearPrefix("c:" + flowId + ":");
  rows.states().clearPrefix("w:" + flowId + ":");
  rows.states().clear("f:" + flowId);
  rows.dataStores().eraseListeners(flowId);
  rows.accounts().unassignFlow(flowId);
  rows.flowVersions().eraseFlow(flowId);
  rows.flows().erase(flowId);
}

// Turns a copy of the source's document into the clone's.
base::Status becomeClone(object& document, const store::FlowRecord& source,
                         const std::string& cloneId, const IdMap& components,
                         const CloneOptions& options) {
  const IdMap flowIds{{source.flowId, cloneId}};
  document["flow"] = rewriteFlow(document.at("flow"), components, flowIds);
  if (value* wizard = document.if_contains("wizard")) {
    *wizard = rewriteTexts(*wizard, components, flowIds);
  }
  document["name"] = options.prefix + json::getString(document, "name");
  for (const std::string& field : options.without) {
    if (field != "flow" && field != "name" && field != "type") {
      json::eraseKey(document, field);
    }
  }
  json::eraseKey(document, "componentIdMap");
  if (options.setComponentIdMap) {
    object map;
    for (const auto& [from, to] : components) {
      map[from] = to;
    }
    document["componentIdMap"] = std::move(map);
  }
  if (options.isTemplateInstance) {
    document["type"] = "integration-instance";
    document["templateId"] = source.flowId;
  }
  if (options.setOriginFlowId) {
    document["originFlowId"] = source.flowId;
  }
  return mergeWrite(options.additional, document);
}

}  // namespace

// One write: `record.document` was made from version `baseVersion` of the row (nothing: there was
// none).
struct Flows::Change {
  store::FlowRecord record;
  std::optional<std::int64_t> baseVersion;
  bool forceUpdate = false;
  bool whileRunning = false;  // nothing that the running flow reads has changed
  std::vector<store::FlowComponentRecord> components;
  std::vector<store::AssignmentRecord> assignments;
  std::optional<std::string> replaced;  // the descriptor that `record` replaces by another one
  std::string replacedId;               // of the version it is kept as
  // Answers.
  bool stale = false;
  bool running = false;
};

Flows::Flows(store::Store& store, const connectors::Registry& registry, const base::Clock& clock,
             base::Random& random)
    : store_(store), registry_(registry), clock_(clock), random_(random) {}

// Takes what a start or stop has written meanwhile from the row, since those do not change its
// version.
base::Status Flows::commit(Change& change) {
  const auto unit = [&change](store::Transaction& transaction) -> base::Status {
    store::FlowRecord& record = change.record;
    const auto current = transaction.flows().byId(record.flowId);
    change.stale = current.has_value() != change.baseVersion.has_value() ||
                   (current && current->version != *change.baseVersion);
    if (change.stale) {
      return {};
    }
    if (current) {
      const bool free = current->stage == "stopped" || change.whileRunning ||
                        (current->stage == "running" && change.forceUpdate);
      if (!free) {
        return isRunning(*current);
      }
      change.running = current->stage == "running";
      record.stage = current->stage;
      record.runId = current->runId;
      record.started = current->started;
      record.stopped = current->stopped;
    }
    const std::int64_t most =
        settingNumber(transaction, "LIMIT_FLOW_UPDATE_BYTES", kDefaultFlowBytes);
    if (record.document.size() > static_cast<std::size_t>(most)) {
      return base::fail(base::Code::kTooLarge,
                        "The flow is larger than LIMIT_FLOW_UPDATE_BYTES allows and was not saved. "
                        "Split it, or shrink its thumbnail.");
    }
    if (change.replaced) {
      keepReplaced(transaction, record.flowId, *change.replaced, change.replacedId, record.mtime);
    }
    transaction.flows().put(record);
    transaction.flows().setComponents(record.flowId, change.components);
    for (const store::AssignmentRecord& assignment : change.assignments) {
      transaction.accounts().assign(assignment);
    }
    return {};
  };
  auto status = store_.write(unit);
  if (status && !change.stale) {
    rememberShares(change.record);
  }
  return status;
}

namespace {

// Completes a change whose document is `document`: versions, rows, texts. The descriptor as it is
// now, JSON. kInvalid: it breaks rules.
base::Result<std::string> finish(object document, const connectors::Registry& registry,
                                 store::FlowRecord& record,
                                 std::vector<store::FlowComponentRecord>& components) {
  value& flow = document["flow"];
  if (auto checked = Descriptor::parse(flow); !checked) {
    return checked.error();
  }
  resolveVersions(flow, registry);
  components = componentRows(record.flowId, flow);
  std::string descriptor = json::write(flow);
  record.name = json::getString(document, "name");
  record.document.clear();
  json::write(value(std::move(document)), record.document);
  return descriptor;
}

}  // namespace

base::Result<std::string> Flows::create(const access::Caller& caller, const object& body) {
  const std::string flowId = base::newUuid(random_);
  auto written = put(caller, flowId, body);
  if (!written) {
    return written.error();
  }
  return flowId;
}

base::Result<Put> Flows::put(const access::Caller& caller, const std::string& flowId,
                             const object& body, const PutOptions& options) {
  if (!isFlowId(flowId)) {
    return base::fail(base::Code::kInvalid,
                      "A flow id has 1 to 128 letters, digits, underscores or hyphens.");
  }
  for (int i = 0; i < kMaxTries; ++i) {
    auto current = rowOf(flowId);
    if (!current) {
      return current.error();
    }
    if (auto status = mayPut(*current, caller, flowId); !status) {
      return status.error();
    }
    if (options.expected && !options.expected(*current ? &**current : nullptr)) {
      return changedMeanwhile(*current);
    }
    auto change = changeFrom(*std::move(current), caller, flowId, body);
    if (!change) {
      return change.error();
    }
    change->forceUpdate = options.forceUpdate;
    if (auto status = commit(*change); !status) {
      return status.error();
    }
    if (!change->stale) {
      return Put{!change->baseVersion.has_value(), change->record.mtime, change->running};
    }
  }
  return beingChanged();
}

base::Result<Flows::Change> Flows::changeFrom(std::optional<store::FlowRecord> current,
                                              const access::Caller& caller,
                                              const std::string& flowId, const object& body) {
  Change change;
  object document = current ? json::parseOwn(current->document).get_object() : newDocument();
  std::int64_t now = base::toMillis(clock_.now());
  if (current) {
    now = std::max(now, current->mtime + 1);  // two changes never have the same
    change.baseVersion = current->version;
    change.record = *std::move(current);
  } else {
    change.record.flowId = flowId;
    change.record.userId = caller.userId;
    change.record.stage = "stopped";
    change.record.btime = now;
  }
  change.record.mtime = now;
  ++change.record.version;
  std::optional<std::string> before;
  if (change.baseVersion) {
    before = json::write(document.at("flow"));
  }
  if (auto status = mergeWrite(body, document); !status) {
    return status.error();
  }
  auto descriptor = finish(std::move(document), registry_, change.record, change.components);
  if (!descriptor) {
    return descriptor.error();
  }
  if (before && *before != *descriptor) {
    change.replaced = *std::move(before);
    change.replacedId = base::newUuid(random_);
  }
  return change;
}

base::Status Flows::setThumbnail(const access::Caller& caller, const std::string& flowId,
                                 std::string_view thumbnail) {
  const object body{{"thumbnail", thumbnail}};
  for (int i = 0; i < kMaxTries; ++i) {
    auto current = find(caller, flowId, Right::kWrite);
    if (!current) {
      return current.error();
    }
    const std::int64_t mtime = current->mtime;
    auto change = changeFrom(*std::move(current), caller, flowId, body);
    if (!change) {
      return change.error();
    }
    change->record.mtime = mtime;
    change->whileRunning = true;
    if (auto status = commit(*change); !status || !change->stale) {
      return status;
    }
  }
  return beingChanged();
}

base::Result<std::string> Flows::clone(const access::Caller& caller, const std::string& flowId,
                                       const CloneOptions& options) {
  auto source = find(caller, flowId, Right::kRead);
  if (!source) {
    return source.error();
  }
  Change change;
  change.record.flowId = base::newUuid(random_);
  change.record.userId = caller.userId;
  change.record.stage = "stopped";
  change.record.btime = change.record.mtime = base::toMillis(clock_.now());
  change.record.version = 1;
  object document = json::parseOwn(source->document).get_object();
  const IdMap components = newComponentIds(document.at("flow"), random_);
  if (auto status = becomeClone(document, *source, change.record.flowId, components, options);
      !status) {
    return status.error();
  }
  if (auto descriptor = finish(std::move(document), registry_, change.record, change.components);
      !descriptor) {
    return descriptor.error();
  }
  if (options.connectAccounts && source->userId == caller.userId) {
    auto assignments = cloneAssignments(flowId, change.record.flowId, components);
    if (!assignments) {
      return assignments.error();
    }
    change.assignments = *std::move(assignments);
  }
  if (auto status = commit(change); !status) {
    return status.error();
  }
  return change.record.flowId;
}

base::Result<std::vector<store::AssignmentRecord>> Flows::cloneAssignments(
    const std::string& sourceId, const std::string& cloneId, const IdMap& components) {
  std::vector<store::AssignmentRecord> assignments;
  const auto reader = [&](store::Transaction& rows) {
    assignments = rows.accounts().ofFlow(sourceId);
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  std::erase_if(assignments,
                [&](const auto& row) { return !components.contains(row.componentId); });
  for (store::AssignmentRecord& row : assignments) {
    row.flowId = cloneId;
    row.componentId = components.find(row.componentId)->second;
  }
  return assignments;
}

base::Status Flows::remove(const access::Caller& caller, const std::string& flowId) {
  if (auto found = find(caller, flowId, Right::kWrite); !found) {
    return found.error();
  }
  auto status = store_.write([&flowId](store::Transaction& rows) -> base::Status {
    const auto current = rows.flows().byId(flowId);
    if (!current) {
      return flowNotFound(flowId);
    }
    if (current->stage != "stopped") {
      return base::fail(base::Code::kConflict,
                        "The flow is " + current->stage + " and was not removed. Stop it first.");
    }
    eraseAll(rows, flowId);
    return {};
  });
  if (status) {
    const std::lock_guard lock(sharesMutex_);
    shares_.erase(flowId);
  }
  return status;
}

}  // namespace patchbay::flows
