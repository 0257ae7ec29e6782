#include "engine/input_mapper.h"

#include "base/json.h"

namespace patchbay::engine {

namespace {

std::string webhookUrl(const Parts& parts, const RunningFlow& flow, const RunningNode& node) {
  return parts.publicUrl + "/flows/" + flow.flowId + "/components/" + node.node->id;
}

std::string_view scopePayload(const queue::Scope& scope, std::string_view component, std::string_view port) {
  for (const queue::ScopeItem& item : scope) {
    if (item.component == component && item.port == port) {
      return item.payload->json;
    }
  }
  return {};
}

// {component: {port: payload}} of what the transform may read.
std::string mapperScope(const queue::Scope& scope, const flows::CompiledTransform* compiled) {
  std::string out = "{";
  std::vector<std::string_view> written;
  const auto wanted = [&](const queue::ScopeItem& item) {
    if (compiled == nullptr || compiled->needsWholeScope()) {
      return true;
    }
    const auto& references = compiled->references();
    return std::any_of(references.begin(), references.end(), [&](const flows::ScopeReference& reference) {
      return reference.componentId == item.component && reference.port == item.port;
    });
  };
  for (const queue::ScopeItem& item : scope) {
    if (!wanted(item) || std::find(written.begin(), written.end(), item.component) != written.end()) {
      continue;
    }
    out += written.empty() ? "" : ",";
    written.push_back(item.component);
    json::writeString(item.component, out);
    out += ":{";
    bool first = true;
    for (const queue::ScopeItem& other : scope) {
      if (other.component == item.component && wanted(other)) {
        out += std::exchange(first, false) ? "" : ",";
        json::writeString(other.port, out);
        out += ":" + other.payload->json;
      }
    }
    out += "}";
  }
  return out + "}";
}

}  // namespace

std::string InputMapper::environment(const RunningFlow& flow, const RunningNode& node, std::string_view messageId,
                                     std::int64_t arrivedAt) const {
  std::string out = "{\"flowId\":";
  json::writeString(flow.flowId, out);
  out += ",\"flowName\":";
  json::writeString(flow.name, out);
  out += ",\"userId\":";
  json::writeString(flow.userId, out);
  out += ",\"webhookUrl\":";
  json::writeString(webhookUrl(parts_, flow, node), out);
  out += ",\"customFields\":" + flow.customFields + ",\"messageId\":";
  json::writeString(messageId, out);
  out += ",\"arrivedAt\":" + std::to_string(arrivedAt) + "}";
  return out;
}

void InputMapper::mapInProcess(std::string members, Told told) {
  parts_.mappers.map(std::move(members), [told = std::move(told)](base::Result<runtime::Mapped> mapped) {
    if (!mapped) {
      told(mapped.error());
    } else {
      told(mapped->value ? std::move(*mapped->value) : std::string("{}"));
    }
  });
}

void InputMapper::map(const std::shared_ptr<RunningFlow>& flow, const RunningNode& node, const queue::Message& message,
                      Told told) {
  const flows::Link* link = node.link(message.port, message.sourceId, message.sourcePort);
  if (link == nullptr || link->transform == nullptr) {
    told(message.payload->json);
    return;
  }
  const auto found = node.transforms.find(link);
  const flows::CompiledTransform* compiled = found == node.transforms.end() ? nullptr : found->second.get();
  const std::string messageId = parts_.queue.names().name(message.id);
  if (compiled != nullptr && compiled->native()) {
    const std::string url = webhookUrl(parts_, *flow, node);
    flows::MappingInput input;
    input.content = message.payload->json;
    input.scope = [&message](std::string_view component, std::string_view port) -> std::optional<std::string_view> {
      const std::string_view payload = scopePayload(*message.scope, component, port);
      return payload.empty() ? std::nullopt : std::optional(payload);
    };
    input.env.flowId = flow->flowId;
    input.env.flowName = flow->name;
    input.env.userId = flow->userId;
    input.env.webhookUrl = url;
    input.env.customFields = flow->customFields;
    input.env.messageId = messageId;
    input.env.arrivedAtMs = message.arrivedAt;
    std::string content;
    const flows::Mapped mapped = compiled->evaluate(input, content);
    if (mapped != flows::Mapped::kNeedsMapper) {
      told(mapped == flows::Mapped::kDone ? std::move(content) : std::string("{}"));
      return;
    }
  }
  std::string members = "\"transform\":";
  json::write(*link->transform, members);
  members += ",\"content\":" + message.payload->json + ",\"scope\":" + mapperScope(*message.scope, compiled) +
             ",\"env\":" + environment(*flow, node, messageId, message.arrivedAt);
  mapInProcess(std::move(members), std::move(told));
}

void InputMapper::properties(const std::shared_ptr<RunningFlow>& flow, const RunningNode& node, std::int64_t startedAt,
                             Told told) {
  if (node.node->properties == nullptr) {
    told(std::string("{}"));
    return;
  }
  const std::string text = json::write(*node.node->properties);
  if (text.find("{{") == std::string::npos) {
    told(text);
    return;
  }
  const json::value* config = json::find(*node.node->document, "config");
  const json::value* modifiers = config == nullptr ? nullptr : json::find(*config, "modifiers");
  std::string members = "\"transform\":{\"lambda\":" + text;
  if (modifiers != nullptr) {
    members += ",\"modifiers\":" + json::write(*modifiers);
  }
  members += "},\"content\":{},\"scope\":{},\"env\":" +
             environment(*flow, node, flow->flowId + ":" + node.node->id, startedAt);
  mapInProcess(std::move(members), std::move(told));
}

}  // namespace patchbay::engine
