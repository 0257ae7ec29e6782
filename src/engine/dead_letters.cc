#include "engine/dead_letters.h"

#include "base/json.h"
#include "base/log.h"
#include "engine/message_properties.h"
#include "store/flows.h"

namespace patchbay::engine {

namespace {

std::string scopeObject(const queue::Scope& scope) {
  json::object components;
  for (const queue::ScopeItem& item : scope) {
    json::value& ports = components[item.component];
    if (!ports.is_object()) {
      ports = json::object();
    }
    ports.get_object()[item.port] = json::parseOwn(item.payload->json);
  }
  return json::write(components);
}

std::string_view wakeText(queue::Wake wake) {
  return wake == queue::Wake::kWebhook ? "webhook" : wake == queue::Wake::kTimeout ? "timeout" : "port";
}

queue::Wake wakeOf(std::string_view text) {
  return text == "webhook" ? queue::Wake::kWebhook : text == "timeout" ? queue::Wake::kTimeout : queue::Wake::kPort;
}

}  // namespace

store::UnprocessedRecord DeadLetters::make(const queue::Message& message, const RunningFlow& flow,
                                           const std::string& componentType, const std::string& content,
                                           const Outcome& outcome) const {
  const RunningNode* source = flow.find(message.sourceId);
  return record(message, {flow.userId, componentType, source == nullptr ? "" : source->node->type}, content, outcome);
}

store::UnprocessedRecord DeadLetters::makeParked(const queue::Message& message, const Outcome& outcome) const {
  Ends ends;
  const base::Status read = parts_.store.read([&](store::Transaction& tx) {
    if (const auto flow = tx.flows().byId(message.flowId)) {
      const json::value document = json::parseOwn(flow->document);
      const json::object& nodes = json::getObject(document.as_object(), "flow");
      ends = {flow->userId, json::getString(json::getObject(nodes, message.componentId), "type"),
              json::getString(json::getObject(nodes, message.sourceId), "type")};
    }
  });
  if (!read) {
    spdlog::warn("the flow of an expired message could not be read: {}", read.error().message);
  }
  return record(message, ends, "", outcome);
}

store::UnprocessedRecord DeadLetters::record(const queue::Message& message, const Ends& ends, const std::string& content,
                                             const Outcome& outcome) const {
  store::UnprocessedRecord record;
  record.messageId = parts_.queue.names().name(message.id);
  record.flowId = message.flowId;
  record.componentId = message.componentId;
  record.componentType = ends.componentType;
  record.userId = ends.userId;
  record.correlationId = message.correlationId;
  record.created = base::toMillis(parts_.clock.now());
  const std::string original = message.payload == nullptr ? "{}" : message.payload->json;
  std::string& out = record.document;
  out = "{";
  json::addText(out, "target", "input-queue");
  json::addText(out, "wake", wakeText(message.wake));
  json::addText(out, "err", outcome.err);
  out += ",\"extra\":" + (message.extra.empty() ? "null" : message.extra);
  out += ",\"messages\":{";
  json::writeString(message.port, out);
  out += ":[{\"properties\":" + messageProperties(message, record.messageId, ends.senderType);
  out += ",\"content\":" + (content.empty() ? original : content);
  out += ",\"scope\":" + scopeObject(*message.scope);
  out += ",\"originalContent\":" + original + "}]}}";
  return record;
}

namespace {

struct Revived {
  queue::Emission emission;
  store::UnprocessedRecord record;
};

void revive(Parts& parts, const FlowEntry& entry, Revived& revived) {
  const json::value document = json::parseOwn(revived.record.document);
  const json::object& members = document.as_object();
  const json::object& ports = json::getObject(members, "messages");
  if (ports.empty()) {
    return;
  }
  const auto& [port, list] = *ports.begin();
  const json::object& stored = list.as_array().at(0).as_object();
  const json::object& properties = json::getObject(stored, "properties");
  const json::object& sender = json::getObject(properties, "sender");
  auto message = std::make_shared<queue::Message>();
  message->id = parts.queue.reserveId();
  message->trace = message->id;
  message->wake = wakeOf(json::getString(members, "wake"));
  message->flowId = revived.record.flowId;
  message->componentId = revived.record.componentId;
  message->port = std::string(port);
  message->sourceId = json::getString(sender, "componentId");
  message->sourcePort = json::getString(sender, "outputPort");
  message->correlationId = revived.record.correlationId;
  message->runId = entry.runId;
  message->arrivedAt = base::toMillis(parts.clock.now());
  const json::value* extra = json::find(members, "extra");
  message->extra = extra == nullptr || extra->is_null() ? "" : json::write(*extra);
  message->payload = parts.queue.makePayload(json::write(stored.at("originalContent")));
  revived.emission.payloads.push_back(message->payload);
  auto scope = std::make_shared<queue::Scope>();
  for (const auto& [component, outputs] : json::getObject(stored, "scope")) {
    for (const auto& [outPort, value] : outputs.as_object()) {
      auto payload = parts.queue.makePayload(json::write(value));
      revived.emission.payloads.push_back(payload);
      scope->push_back({std::string(component), std::string(outPort), std::move(payload)});
    }
  }
  message->scope = std::move(scope);
  revived.emission.messages.push_back(std::move(message));
}

}  // namespace

void DeadLetters::retry(const std::string& messageId, std::function<void(base::Status)> told) {
  Revived revived;
  bool found = false;
  const base::Status status = parts_.store.read([&](store::Transaction& tx) {
    if (auto record = tx.unprocessed().byId(messageId)) {
      revived.record = std::move(*record);
      found = true;
    }
  });
  if (!status || !found) {
    told(status ? base::fail(base::Code::kNotFound, "Unprocessed message " + messageId + " was not found.")
                : status.error());
    return;
  }
  const FlowEntry* entry = flows_.find(revived.record.flowId);
  const auto flow = flows_.flow(revived.record.flowId);
  if (entry == nullptr || entry->stage != Stage::kRunning || flow == nullptr) {
    told(base::fail(base::Code::kConflict, "The flow does not run: start it, then retry the message. Nothing was changed."));
    return;
  }
  if (flow->find(revived.record.componentId) == nullptr) {
    told(base::fail(base::Code::kConflict, "Component " + revived.record.componentId +
                                               " is no longer in the flow. Nothing was changed."));
    return;
  }
  if (parts_.queue.full(revived.record.flowId)) {
    told(base::fail(base::Code::kUnavailable, "The queue, or what one flow may hold of it, is at its limit. Nothing was changed: try again later."));
    return;
  }
  revive(parts_, *entry, revived);
  parts_.queue.enqueue(std::move(revived.emission),
                       [messageId](store::Transaction& tx) -> base::Status {
                         if (!tx.unprocessed().erase(messageId)) {
                           return base::fail(base::Code::kNotFound, "Unprocessed message " + messageId + " was not found.");
                         }
                         return {};
                       },
                       std::move(told));
}

}  // namespace patchbay::engine
