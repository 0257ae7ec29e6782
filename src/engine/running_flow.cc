#include "engine/running_flow.h"

#include "base/json.h"
#include "store/states.h"

namespace patchbay::engine {

const flows::Link* RunningNode::link(std::string_view inPort, std::string_view source,
                                     std::string_view outPort) const {
  for (const flows::Link& link : node->incoming) {
    if (link.inPort == inPort && link.source == source && link.outPort == outPort) {
      return &link;
    }
  }
  return nullptr;
}

const RunningNode* RunningFlow::find(const std::string& componentId) const {
  const auto found = nodes.find(componentId);
  return found == nodes.end() ? nullptr : &found->second;
}

connectors::Found resolve(const connectors::Registry& registry, const Pins& pins, const std::string& type) {
  connectors::Found newest = registry.find(type);
  if (newest) {
    const auto pin = pins.find(newest.revision->bundle);
    if (pin != pins.end()) {
      if (connectors::Found pinned = registry.findIn(pin->second, type)) {
        return pinned;
      }
    }
    return newest;
  }
  // The newest revision may have dropped the component while this flow is pinned to one that has it.
  for (const auto& [bundle, revision] : pins) {
    if (registry.current(bundle) != nullptr) {
      if (connectors::Found pinned = registry.findIn(revision, type)) {
        return pinned;
      }
    }
  }
  return {};
}

connectors::Found lastKnown(const connectors::Registry& registry, const Pins& pins, const std::string& type) {
  if (connectors::Found found = resolve(registry, pins, type)) {
    return found;
  }
  for (const auto& [bundle, revision] : pins) {
    if (connectors::Found pinned = registry.findIn(revision, type)) {
      return pinned;
    }
  }
  return {};
}

void writeConstantMembers(const RunningFlow& flow, RunningNode& node) {
  std::string& out = node.constantMembers;
  out.clear();
  if (!node.found) {
    return;
  }
  const auto member = [&out](std::string_view name, std::string_view text) {
    out += out.empty() ? "\"" : ",\"";
    out += name;
    out += "\":";
    json::writeString(text, out);
  };
  member("component", node.found.component->name);
  member("dir", node.found.component->dir);
  member("flow", flow.frame->key);
  member("componentId", node.node->id);
  member("service", node.found.component->service);
  out += ",\"properties\":";
  out += node.properties;
}

namespace {

std::shared_ptr<const runtime::FlowFrame> makeFrame(const RunningFlow& flow) {
  auto frame = std::make_shared<runtime::FlowFrame>();
  frame->key = flow.flowId + ":" + std::to_string(flow.version) + ":" + std::to_string(flow.runId);
  std::string& out = frame->json;
  out = "{\"flowId\":";
  json::writeString(flow.flowId, out);
  out += ",\"name\":";
  json::writeString(flow.name, out);
  out += ",\"userId\":";
  json::writeString(flow.userId, out);
  out += ",\"customFields\":" + flow.customFields + ",\"descriptor\":";
  json::write(flow.descriptor->document(), out);
  out += "}";
  return frame;
}

void compileTransforms(RunningNode& node, const FlowGround& ground) {
  for (const flows::Link& link : node.node->incoming) {
    if (link.transform == nullptr) {
      continue;
    }
    auto compiled = flows::CompiledTransform::compile(*link.transform, ground.changedModifiers);
    if (compiled) {
      node.transforms[&link] = std::make_shared<const flows::CompiledTransform>(std::move(*compiled));
    }
  }
}

}  // namespace

base::Result<std::shared_ptr<RunningFlow>> makeRunningFlow(const store::FlowRecord& record, const Pins& pins,
                                                           const FlowGround& ground) {
  auto document = json::parse(record.document, "The flow's document", 512);
  if (!document) {
    return document.error();
  }
  const json::value* graph = json::find(*document, "flow");
  auto descriptor = flows::Descriptor::parse(graph == nullptr ? json::value(json::object()) : *graph);
  if (!descriptor) {
    return descriptor.error();
  }
  auto flow = std::make_shared<RunningFlow>();
  flow->flowId = record.flowId;
  flow->userId = record.userId;
  flow->name = record.name;
  flow->runId = record.runId;
  flow->version = record.version;
  flow->descriptor = *descriptor;
  if (const json::value* fields = json::find(*document, "customFields"); fields != nullptr && fields->is_object()) {
    flow->customFields = json::write(*fields);
  }
  flow->frame = makeFrame(*flow);
  for (const flows::Node& node : flow->descriptor->nodes()) {
    RunningNode& running = flow->nodes[node.id];
    running.node = &node;
    running.found = resolve(ground.registry, pins, node.type);
    const connectors::Found known = running.found ? running.found : lastKnown(ground.registry, pins, node.type);
    running.bundle = known ? known.revision->bundle : node.type.substr(0, node.type.rfind('.'));
    running.takesWebhooks = !known || known.component->webhook;
    if (node.properties != nullptr) {
      running.properties = json::write(*node.properties);
    }
    running.origin = std::make_shared<const insights::LogOrigin>(
        insights::LogOrigin{flow->flowId, flow->userId, node.id, node.type, running.bundle});
    compileTransforms(running, ground);
    writeConstantMembers(*flow, running);
  }
  return flow;
}

base::Result<std::shared_ptr<RunningFlow>> loadRunningFlow(store::Transaction& tx, const FlowGround& ground,
                                                           const std::string& flowId) {
  const auto record = tx.flows().byId(flowId);
  if (!record) {
    return base::fail(base::Code::kNotFound, "Flow " + flowId + " was not found.");
  }
  Pins pins;
  for (store::FlowPinRecord& pin : tx.flows().pins(flowId)) {
    pins.emplace(std::move(pin.bundle), std::move(pin.revision));
  }
  auto flow = makeRunningFlow(*record, pins, ground);
  if (!flow) {
    return flow;
  }
  for (auto& [componentId, properties] : tx.states().all("p:" + flowId)) {
    const auto node = (*flow)->nodes.find(componentId);
    if (node != (*flow)->nodes.end()) {
      node->second.properties = std::move(properties);
      writeConstantMembers(**flow, node->second);
    }
  }
  const std::string prefix = "c:" + flowId + ":";
  for (const std::string& owner : tx.states().owners(prefix)) {
    (*flow)->stateful.insert(owner.substr(prefix.size()));
  }
  return flow;
}

}  // namespace patchbay::engine
