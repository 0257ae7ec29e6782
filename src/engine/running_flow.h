// A flow that runs, as deliveries need it: its graph, the pinned revision of each component, its resolved properties.
//
// Immutable; one object per (flow version, run, set of pins). Threads: the engine loop.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/result.h"
#include "connectors/registry.h"
#include "engine/quota/rules.h"
#include "flows/descriptor.h"
#include "flows/mapping/compiled_transform.h"
#include "insights/flow_log.h"
#include "runtime/runtime.h"
#include "store/flows.h"
#include "store/store.h"

namespace patchbay::engine {

struct RunningNode {
  const flows::Node* node = nullptr;
  connectors::Found found;       // empty: the connector or component is missing
  bool takesWebhooks = true;     // as last known
  std::string bundle;            // of the type, as last known; for messages to people
  std::string properties = "{}"; // resolved at start, JSON
  std::string constantMembers;   // of its call frames: "component":…,"properties":…
  insights::LogOriginPtr origin; // of what it logs
  // What binds its calls, null = nothing; the gate finds it out when it is first asked.
  mutable std::optional<std::shared_ptr<const QuotaPlan>> quota;
  // By link; null = the whole transform needs a mapper or there is none.
  std::unordered_map<const flows::Link*, std::shared_ptr<const flows::CompiledTransform>> transforms;

  const flows::Link* link(std::string_view inPort, std::string_view source, std::string_view outPort) const;
};

struct RunningFlow {
  std::string flowId, userId, name;
  std::int64_t runId = 0;
  std::int64_t version = 0;
  std::string customFields = "{}";
  std::shared_ptr<const flows::Descriptor> descriptor;
  std::shared_ptr<const runtime::FlowFrame> frame;
  std::unordered_map<std::string, RunningNode> nodes;
  std::unordered_set<std::string> stateful;  // components that had state when it was read

  const RunningNode* find(const std::string& componentId) const;
};

// Pins by bundle name.
using Pins = std::map<std::string, std::string, std::less<>>;

// What graphs are built with.
struct FlowGround {
  const connectors::Registry& registry;
  flows::ChangedModifiers changedModifiers;  // not ours any more: their native code is not used (R33)
};

// Reads what a running flow needs from its rows. kNotFound: no such flow; kInvalid: its document cannot be read.
base::Result<std::shared_ptr<RunningFlow>> loadRunningFlow(store::Transaction& tx, const FlowGround& ground,
                                                           const std::string& flowId);
// The same from parts, before its rows say that it runs.
base::Result<std::shared_ptr<RunningFlow>> makeRunningFlow(const store::FlowRecord& flow, const Pins& pins,
                                                           const FlowGround& ground);
// After node.properties has changed.
void writeConstantMembers(const RunningFlow& flow, RunningNode& node);

// "v.s.m.C" → the pinned or newest component, missing when its bundle is not installed (R13).
connectors::Found resolve(const connectors::Registry& registry, const Pins& pins, const std::string& type);
// The same, or what its flow was pinned to before the bundle was removed: not to be called, but its manifest still counts (R14).
connectors::Found lastKnown(const connectors::Registry& registry, const Pins& pins, const std::string& type);

}  // namespace patchbay::engine
