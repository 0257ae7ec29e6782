#include "engine/delivery.h"

#include "accounts/accounts.h"
#include "base/json.h"
#include "engine/walkthrough.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {

std::string_view methodOf(queue::Wake wake) {
  switch (wake) {
    case queue::Wake::kTick: return "tick";
    case queue::Wake::kStart: return "start";
    case queue::Wake::kStop: return "stop";
    case queue::Wake::kSignal: return "signal";
    default: return "receive";
  }
}

bool isLifecycle(queue::Wake wake) { return wake == queue::Wake::kStart || wake == queue::Wake::kStop; }

// {component: {port: payload}, _walkthrough}, grouped because JSON keys are unique.
void writeScope(const Attempt& attempt, std::string& out) {
  const queue::Scope& scope = *attempt.message->scope;
  out.push_back('{');
  std::vector<std::string_view> written;
  for (const queue::ScopeItem& item : scope) {
    if (std::find(written.begin(), written.end(), item.component) != written.end()) {
      continue;
    }
    out += written.empty() ? "" : ",";
    written.push_back(item.component);
    json::writeString(item.component, out);
    out += ":{";
    bool first = true;
    for (const queue::ScopeItem& other : scope) {
      if (other.component == item.component) {
        out += std::exchange(first, false) ? "" : ",";
        json::writeString(other.port, out);
        out.push_back(':');
        out += other.payload->json;
      }
    }
    out.push_back('}');
  }
  out += written.empty() ? "\"_walkthrough\":" : ",\"_walkthrough\":";
  writeWalkthrough(*attempt.flow, *attempt.message, out);
  out.push_back('}');
}

}  // namespace

void Delivery::deliver(const AttemptPtr& attempt) {
  const queue::Message& message = *attempt->message;
  if (!attempt->node->found) {
    listener_->notStarted(attempt, Outcome::make(OutcomeKind::kMissing, "ConnectorMissingError",
                                                 "Component " + attempt->node->node->type +
                                                     " is not installed. Install connector " +
                                                     attempt->node->bundle + " and the message is delivered.",
                                                 "CONNECTOR_MISSING"));
    return;
  }
  if (!attempt->component().loadError.empty()) {
    listener_->notStarted(attempt, Outcome::make(OutcomeKind::kMissing, "ComponentBrokenError",
                                                 "The code of " + attempt->node->node->type +
                                                     " does not load: " + attempt->component().loadError,
                                                 "COMPONENT_BROKEN"));
    return;
  }
  if (message.wake != queue::Wake::kPort) {
    attempt->content = message.payload == nullptr ? "{}" : message.payload->json;
    withContent(attempt);
    return;
  }
  mapper_.map(attempt->flow, *attempt->node, message, [this, attempt](base::Result<std::string> content) {
    if (attempt->fenced) {
      return;
    }
    if (!content) {
      const bool lost = content.error().code == base::Code::kWorkerLost;
      listener_->notStarted(attempt, Outcome::make(lost ? OutcomeKind::kUnavailable : OutcomeKind::kFailed,
                                                   "TransformError", content.error().message,
                                                   base::codeText(content.error().code)));
      return;
    }
    attempt->content = std::move(*content);
    withContent(attempt);
  });
}

void Delivery::withContent(const AttemptPtr& attempt) {
  if (!isLifecycle(attempt->message->wake) && attempt->message->wake != queue::Wake::kSignal) {
    records_.input(*attempt);
  }
  call(attempt);
}

base::Millis Delivery::deadline(const queue::Message& message) const {
  if (isLifecycle(message.wake)) {
    return parts_.configuration.millis("COMPONENT_FACTORY_TIMEOUT", 300'000);
  }
  return parts_.configuration.millis("COMPONENT_RECEIVE_TIMEOUT", 1'380'000);
}

void Delivery::call(const AttemptPtr& attempt) {
  const auto account = parts_.accounts.authFor(attempt->flow->flowId, attempt->componentId(), attempt->component());
  if (account->isUnread) {  // without it the component would be refused, and its account held for a dead one
    listener_->notStarted(attempt, Outcome::make(OutcomeKind::kUnavailable, "AccountError", account->problem,
                                                 base::codeText(base::Code::kStoreFailed)));
    return;
  }
  const base::Result<std::string> state = this->state(*attempt);
  if (!state) {  // with none at all it would begin anew
    listener_->notStarted(attempt, Outcome::make(OutcomeKind::kUnavailable, "StateError", state.error().message,
                                                 base::codeText(state.error().code)));
    return;
  }
  runtime::Invocation invocation;
  invocation.spec = attempt->node->found.revision->worker;
  invocation.flow = attempt->flow->frame;
  invocation.members = members(*attempt, *account, *state);
  invocation.deadline = deadline(*attempt->message);
  invocation.alone = attempt->message->alone;
  auto call = parts_.runtime.call(std::move(invocation), *calls_);
  if (!call) {
    const bool resting = call.error().code == base::Code::kUnavailable;
    listener_->notStarted(attempt, Outcome::make(resting ? OutcomeKind::kUnavailable : OutcomeKind::kFailed,
                                                 "WorkerError", call.error().message,
                                                 base::codeText(call.error().code)));
    return;
  }
  attempt->calledAt = base::toMillis(parts_.clock.now());
  attempts_.started(attempt, *call);
}

base::Result<std::string> Delivery::state(const Attempt& attempt) const {
  const FlowEntry* entry = flows_.find(attempt.flow->flowId);
  if (!attempt.node->found.revision->usesState) {
    return std::string("{}");
  }
  if (entry != nullptr && !entry->stateful.contains(attempt.componentId())) {
    return std::string("{}");
  }
  std::string out = "{";
  const base::Status status = parts_.store.read([&](store::Transaction& tx) {
    for (const auto& [key, value] : tx.states().all("c:" + attempt.flow->flowId + ":" + attempt.componentId())) {
      out += out.size() > 1 ? "," : "";
      json::writeString(key, out);
      out += ":" + value;
    }
  });
  out += "}";
  return status ? base::Result<std::string>(std::move(out)) : status.error();
}

void Delivery::writeMessage(const Attempt& attempt, std::string& out) const {
  const queue::Message& message = *attempt.message;
  const bool wantsScope = attempt.component().usesScope;
  out += ",\"messages\":{";
  json::writeString(message.port, out);
  out += ":{\"content\":";
  out += attempt.content;
  if (!message.correlationId.empty()) {
    json::addText(out, "correlationId", message.correlationId);
  }
  if (message.wake == queue::Wake::kTimeout) {
    json::addText(out, "timeoutId", parts_.queue.names().name(message.id));
  }
  if (message.extra.size() > 2) {  // "{…}": its members join
    out.push_back(',');
    out.append(message.extra, 1, message.extra.size() - 2);
  }
  if (wantsScope && message.wake == queue::Wake::kPort) {
    json::addRaw(out, "originalContent", message.payload->json);
  }
  out += "}}";
  if (wantsScope) {
    out += ",\"scope\":";  // of the call; its messages get the same
    writeScope(attempt, out);
  }
}

std::string Delivery::members(const Attempt& attempt, const accounts::CallAuth& account, const std::string& state) const {
  const queue::Message& message = *attempt.message;
  const bool queued = message.id != 0;
  std::string out;
  out.reserve(attempt.node->constantMembers.size() + attempt.content.size() + 512);
  out += "\"m\":\"";
  out += methodOf(message.wake);
  out += "\",";
  out += attempt.node->constantMembers;
  json::addText(out, "callId", queued ? parts_.queue.names().name(message.id) : base::newUuid(parts_.random));
  json::addRaw(out, "attempt", std::to_string(message.attempts + 1));  // a loss spends one too
  json::addRaw(out, "deadlineMs", std::to_string(deadline(message).count()));
  json::addRaw(out, "held", queued ? "true" : "false");
  if (attempt.quota != nullptr) {
    json::addRaw(out, "quota", "true");
  }
  if (!message.correlationId.empty()) {
    json::addText(out, "correlationId", message.correlationId);
  }
  json::addRaw(out, "auth", account.authJson);
  json::addRaw(out, "config", account.configJson);
  json::addRaw(out, "profileInfo", account.profileJson);
  json::addRaw(out, "state", state);
  if (isLifecycle(message.wake)) {
    return out;
  }
  if (message.wake == queue::Wake::kSignal) {
    json::addRaw(out, "signal", attempt.content);
    return out;
  }
  if (message.wake == queue::Wake::kPort) {
    json::addText(out, "inPort", message.port);
    json::addRaw(out, "validate", "true");
  }
  writeMessage(attempt, out);
  return out;
}

}  // namespace patchbay::engine
