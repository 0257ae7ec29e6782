#include "engine/emitter.h"

#include "base/json.h"
#include "base/random.h"

namespace patchbay::engine {

namespace {

// What a message carries beside payload and scope.
std::string extraOf(const runtime::Send& send) {
  std::string members;
  const auto add = [&members](std::string_view name, std::string_view value) {
    if (!value.empty()) {
      members += members.empty() ? "{\"" : ",\"";
      members.append(name).append("\":").append(value);
    }
  };
  add("headers", send.headers);
  add("contentType", send.contentType);
  return members.empty() ? members : members + "}";
}

}  // namespace

bool Emitter::linked(const Attempt& attempt, std::string_view outPort) const {
  return !attempt.flow->descriptor->outgoing(attempt.componentId(), outPort).empty();
}

queue::Emission Emitter::sends(const Attempt& attempt, std::span<const runtime::Send> sends) {
  queue::Emission emission;
  for (const runtime::Send& one : sends) {
    send(attempt, one, emission);
  }
  return emission;
}

// What a tick or a start sends belongs to one trace, begun by the first message.
void Emitter::setTrace(queue::Message& parent, queue::Message& message) const {
  if (parent.trace == 0) {
    parent.trace = message.id;
  }
  message.trace = parent.trace;
}

void Emitter::send(const Attempt& attempt, const runtime::Send& send, queue::Emission& emission) {
  records_.output(attempt, send.port, send.payload);
  const auto targets = attempt.flow->descriptor->outgoing(attempt.componentId(), send.port);
  if (targets.empty()) {
    return;
  }
  queue::Message& parent = *attempt.message;
  const queue::PayloadPtr payload = parts_.queue.makePayload(std::string(send.payload));
  const queue::ScopePtr scope = scopeOf(attempt, send, payload, emission);
  emission.payloads.push_back(payload);
  const std::string correlationId = parent.correlationId.empty() ? base::newUuid(parts_.random) : parent.correlationId;
  const std::string extra = extraOf(send);
  const std::int64_t now = base::toMillis(parts_.clock.now());
  for (const flows::Target& target : targets) {
    auto message = std::make_shared<queue::Message>();
    message->id = parts_.queue.reserveId();
    message->wake = queue::Wake::kPort;
    message->flowId = parent.flowId;
    message->componentId = target.node->id;
    message->port = target.link->inPort;
    message->sourceId = parent.componentId;
    message->sourcePort = send.port;
    message->correlationId = correlationId;
    message->payload = payload;
    message->scope = scope;
    message->extra = extra;
    message->runId = attempt.flow->runId;
    setTrace(parent, *message);
    message->arrivedAt = now;
    emission.messages.push_back(std::move(message));
  }
}

queue::ScopePtr Emitter::scopeOf(const Attempt& attempt, const runtime::Send& send, const queue::PayloadPtr& payload,
                                 queue::Emission& emission) {
  if (send.scope.empty()) {
    return queue::extendScope(attempt.message->scope, attempt.componentId(), send.port, payload);
  }
  // The component replaces the scope (join-like ones): its parts become payloads of their own.
  auto given = std::make_shared<queue::Scope>();
  const auto document = json::parse(send.scope, "scope", 512);
  if (document && document->is_object()) {
    for (const auto& [component, ports] : document->get_object()) {
      if (!ports.is_object() || component == "_walkthrough") {
        continue;
      }
      for (const auto& [port, value] : ports.get_object()) {
        auto part = parts_.queue.makePayload(json::write(value));
        emission.payloads.push_back(part);
        given->push_back({std::string(component), std::string(port), std::move(part)});
      }
    }
  }
  return queue::extendScope(given, attempt.componentId(), send.port, payload);
}

}  // namespace patchbay::engine
