#include "updates/flow_upgrade.h"

#include "base/json.h"
#include "flows/descriptor.h"
#include "flows/wait_for_command.h"
#include "store/flows.h"
#include "updates/impact.h"
#include "updates/migration.h"
#include "updates/planner.h"

namespace patchbay::updates {

namespace {

json::array rowsOf(const std::vector<FlowChange>& changes, bool prepared) {
  json::array rows;
  for (const FlowChange& change : changes) {
    if (change.change.now.empty() != prepared) {
      json::object row = toJson(change);
      row["message"] = json::getString(actionRequired(change), "message");
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace

struct FlowUpgrade::Work {
  std::string flowId, connector;
  bool running = false;
  std::string from, to;
  std::vector<FlowChange> changes;
  json::object graph;  // as migrated
};

// What the flow is pinned to, or what the last operation replaced.
base::Result<std::string> FlowUpgrade::revisionBefore(const std::string& flowId,
                                                      const std::string& connector) {
  std::string pinned;
  const auto read = parts_.store.read([&](store::Transaction& tx) {
    for (const store::FlowPinRecord& pin : tx.flows().pins(flowId)) {
      pinned = pin.bundle == connector ? pin.revision : pinned;
    }
  });
  if (!read) {
    return read.error();
  }
  const auto current = parts_.registry.current(connector);
  if (!pinned.empty() && pinned != current->id) {
    return pinned;
  }
  auto last = parts_.operations.lastOn(connector);
  if (!last) {
    return last.error();
  }
  return *last && (*last)->after.at(connector) == current->id ? (*last)->before.at(connector)
                                                              : std::string();
}

base::Status FlowUpgrade::examine(Work& work, const access::Caller& caller) {
  const auto row = parts_.flows.find(caller, work.flowId, flows::Right::kWrite);
  if (!row) {
    return row.error();
  }
  const auto current = parts_.registry.current(work.connector);
  if (!current) {
    return base::fail(base::Code::kNotInstalled,
                      "Connector " + work.connector + " is not installed. Nothing was changed.");
  }
  const auto before = revisionBefore(work.flowId, work.connector);
  if (!before) {
    return before.error();
  }
  work.running = row->stage == "running";
  work.to = current->version;
  auto document = json::parse(row->document, "The flow's document", 512);
  if (!document) {
    return document.error();
  }
  work.graph = json::getObject(document->as_object(), "flow");
  const auto revision = parts_.registry.byId(*before);
  if (!revision) {
    work.from = work.to;
    return {};
  }
  work.from = revision->version;
  auto descriptor = flows::Descriptor::parse(work.graph);
  if (!descriptor) {
    return descriptor.error();
  }
  const Target after = Target::of(*current);
  const auto changes = connectors::diff(Target::of(*revision).components, after.components);
  work.changes = impactOn(**descriptor, {changes, after.components, [&](const std::string& type) {
                                           return parts_.acl.mayUse(caller, type, true);
                                         }});
  work.graph = migrate(std::move(work.graph), work.changes);
  return {};
}

base::Status FlowUpgrade::unpin(const std::string& flowId, const std::string& connector) {
  return parts_.store.write([&](store::Transaction& tx) {
    auto pins = tx.flows().pins(flowId);
    std::erase_if(pins, [&](const store::FlowPinRecord& pin) { return pin.bundle == connector; });
    tx.flows().setPins(flowId, pins);
    return base::Status();
  });
}

base::Status FlowUpgrade::apply(Work& work, const access::Caller& caller) {
  if (work.running) {
    auto stopped = flows::waitForCommand([&](flows::Coordinator::Told told) {
      parts_.engine.stopForOperation(work.flowId, flows::InProgressData::kKeep, std::move(told));
    });
    if (!stopped) {
      return stopped;
    }
  }
  const auto put = parts_.flows.put(caller, work.flowId, json::object{{"flow", work.graph}});
  if (!put) {
    return put.error();
  }
  if (base::Status unpinned = unpin(work.flowId, work.connector); !unpinned) {
    return unpinned;
  }
  if (!work.running) {
    return {};
  }
  return flows::waitForCommand([&](flows::Coordinator::Told told) {
    parts_.engine.start(work.flowId, caller, std::move(told));
  });
}

base::Result<json::object> FlowUpgrade::run(const access::Caller& caller, const std::string& flowId,
                                            const std::string& connector, bool dryRun) {
  Work work{flowId, connector, false, {}, {}, {}, {}};
  if (base::Status examined = examine(work, caller); !examined) {
    return examined.error();
  }
  json::array remaining = rowsOf(work.changes, false);
  if (!dryRun && work.running && !remaining.empty()) {
    return base::fail(base::Code::kConflict,
                      "The flow could not run with version " + work.to + " of " + connector +
                          " yet. Nothing was changed, it runs on: edit what is listed first.",
                      std::move(remaining));
  }
  if (!dryRun) {
    if (base::Status applied = apply(work, caller); !applied) {
      return applied.error();
    }
  }
  return json::object{{"flowId", flowId},
                      {"connector", connector},
                      {"from", work.from},
                      {"to", work.to},
                      {"applied", rowsOf(work.changes, true)},
                      {"remaining", std::move(remaining)},
                      {"flow", std::move(work.graph)}};
}

}  // namespace patchbay::updates
