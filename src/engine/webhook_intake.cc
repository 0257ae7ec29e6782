#include "engine/webhook_intake.h"

#include <utility>

#include "base/json.h"
#include "engine/saved_scopes.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kParkedWebhooks = 1000;
constexpr base::Millis kStorePatience{2000};

webhooks::Reply errorReply(const base::Error& error) {
  webhooks::Reply reply;
  reply.status = base::codeStatus(error.code);
  static const std::map<int, const char*> kReasons = {
      {400, "Bad Request"}, {404, "Not Found"}, {409, "Conflict"}, {429, "Too Many Requests"}, {500, "Internal Server Error"},
      {503, "Service Unavailable"}};
  const auto reason = kReasons.find(reply.status);
  reply.body = json::write(json::object{{"statusCode", reply.status},
                                        {"error", reason == kReasons.end() ? "Error" : reason->second},
                                        {"message", error.message},
                                        {"code", base::codeText(error.code)}});
  if (reply.status == 503 || reply.status == 429) {
    reply.headers.emplace_back("Retry-After", "5");
  }
  return reply;
}

base::Error notHere(const WebhookCall& call) {
  return base::fail(base::Code::kNotFound, "No webhook is live at component " + call.componentId + " of flow " + call.flowId +
                                               ": the flow does not run, or the component takes no webhooks.");
}

}  // namespace

void WebhookIntake::accept(WebhookCall call, webhooks::ReplyDesk::Respond respond) {
  parts_.loop.post([this, call = std::move(call), respond = std::move(respond)]() mutable {
    acceptOnLoop(std::move(call), std::move(respond));
  });
}

base::Result<FlowEntry*> WebhookIntake::admit(const WebhookCall& call) {
  if (closed_) {
    return base::fail(base::Code::kUnavailable, "The server is stopping. The call was not accepted: try again.");
  }
  FlowEntry* entry = flows_.find(call.flowId);
  if (entry == nullptr || (entry->stage == Stage::kStopping && !entry->parks)) {
    return notHere(call);
  }
  if (entry->stage == Stage::kStopping) {
    return base::fail(base::Code::kUnavailable, "Flow " + call.flowId + " is being stopped for an operation on a connector. The call was not accepted: try again in a moment.");
  }
  if (entry->stage == Stage::kParked) {
    if (base::Status room = roomWhileParked(*entry); !room) {
      return room.error();
    }
  }
  const auto flow = flows_.flow(call.flowId);
  if (flow == nullptr) {  // not a 404, which would make callers forget the address
    return base::fail(base::Code::kUnavailable, "Flow " + call.flowId + " cannot be read just now. The call was not accepted: try again later.");
  }
  const RunningNode* node = flow->find(call.componentId);
  if (node == nullptr || (!node->takesWebhooks && !call.byPlugin)) {
    return notHere(call);
  }
  if (base::Status room = roomFor(call.flowId, "The call was not accepted"); !room) {
    return room.error();
  }
  return entry;
}

// Its document may have changed since it was stopped: the graph is read anew.
base::Status WebhookIntake::roomWhileParked(FlowEntry& entry) const {
  entry.loaded = nullptr;
  const auto limit = parts_.configuration.number("PARKED_WEBHOOKS_LIMIT", kParkedWebhooks);
  if (static_cast<std::int64_t>(entry.waiting) >= limit) {
    return base::fail(base::Code::kUnavailable, "Flow " + entry.flowId + " is stopped while a connector is updated, and as many calls wait for it as may. The call was not accepted: try again later.");
  }
  ++entry.waiting;
  return {};
}

base::Status WebhookIntake::roomFor(const std::string& flowId, std::string_view refused) const {
  if (parts_.queue.full(flowId)) {
    const std::string what = parts_.queue.full() ? "The queue is at its limit. " : "As many messages wait in flow " + flowId + " as may in one. ";
    return base::fail(base::Code::kUnavailable, what + std::string(refused) + ": try again later.");
  }
  return parts_.disk.admit(refused);
}

queue::MessagePtr WebhookIntake::makeMessage(const std::string& flowId, std::int64_t runId, const std::string& componentId,
                                             std::string payload, queue::Emission& emission) const {
  auto message = std::make_shared<queue::Message>();
  message->id = parts_.queue.reserveId();
  message->trace = message->id;
  message->flowId = flowId;
  message->componentId = componentId;
  message->runId = runId;
  message->arrivedAt = base::toMillis(parts_.clock.now());
  message->payload = parts_.queue.makePayload(std::move(payload));
  static const queue::ScopePtr kNoScope = std::make_shared<const queue::Scope>();
  message->scope = kNoScope;
  emission.payloads.push_back(message->payload);
  emission.messages.push_back(message);
  return message;
}

void WebhookIntake::acceptOnLoop(WebhookCall call, webhooks::ReplyDesk::Respond respond) {
  auto entry = admit(call);
  if (!entry) {
    respond(errorReply(entry.error()));
    return;
  }
  queue::Emission emission;
  const queue::MessagePtr message = makeMessage(call.flowId, (*entry)->runId, call.componentId, std::move(call.envelope), emission);
  message->wake = queue::Wake::kWebhook;
  message->port = "webhook";
  message->correlationId = call.correlationId.empty() ? base::newUuid(parts_.random) : call.correlationId;
  if (!call.inPort.empty()) {
    message->extra = json::write(json::object{{"inPort", call.inPort}});
  }
  if (!call.correlationId.empty()) {
    auto scope = loadScope(parts_.store, parts_.queue, call.flowId, call.componentId, call.correlationId, emission);
    if (!scope) {
      respond(errorReply(scope.error()));
      return;
    }
    message->scope = *std::move(scope);
  }
  const bool enqueueOnly = call.enqueueOnly;
  const bool parked = (*entry)->stage == Stage::kParked;
  const bool runs = (*entry)->stage == Stage::kRunning;  // a start may yet be taken back, and its run with it
  if (runs && !enqueueOnly && call.correlationId.empty() && parts_.queue.mayOffer(*message)) {
    offer(message, std::move(respond));
    return;
  }
  parts_.queue.enqueue(std::move(emission), {}, [this, message, enqueueOnly, parked, respond = std::move(respond)](const base::Status& status) {
    if (parked) {
      park(message->flowId);
    }
    if (!status) {
      respond(errorReply(status.error()));
    } else if (enqueueOnly || parked) {
      webhooks::Reply accepted;
      accepted.status = 202;
      respond(std::move(accepted));
    } else {
      parts_.replies.wait(message->trace, message->correlationId, replyTimeout(), respond);
    }
  });
}

base::Millis WebhookIntake::replyTimeout() const { return parts_.configuration.millis("WEBHOOK_REQUEST_TIMEOUT", 10'000); }

// It is called at once and stored when its call ends, or when that takes long. Nothing is answered before.
void WebhookIntake::offer(const queue::MessagePtr& message, webhooks::ReplyDesk::Respond respond) {
  parts_.replies.wait(message->trace, message->correlationId, replyTimeout(),
                      [this, message, respond = std::move(respond)](webhooks::Reply reply) {
                        answerWhenStored(message, std::move(reply), respond);
                      });
  parts_.queue.offer(message);
}

void WebhookIntake::answerWhenStored(const queue::MessagePtr& message, webhooks::Reply reply, const webhooks::ReplyDesk::Respond& respond) {
  if (message->arrival == nullptr) {
    respond(std::move(reply));
    return;
  }
  const auto answerOnce = [open = std::make_shared<webhooks::ReplyDesk::Respond>(respond)](const webhooks::Reply& answer) {
    if (const auto answerer = std::exchange(*open, nullptr)) {
      answerer(answer);
    }
  };
  const base::TimerId late = parts_.loop.after(kStorePatience, [answerOnce] {
    answerOnce(errorReply(base::fail(base::Code::kStoreFailed,
                                     "The call could not be stored so far. It may be delivered all the same, once it can.")));
  });
  parts_.queue.whenStored(message, [this, late, answerOnce, reply = std::move(reply)] {
    parts_.loop.cancel(late);
    answerOnce(reply);
  });
}

// What waits for the next start takes no room of what can go on. A start that has begun since lets it through instead.
void WebhookIntake::park(const std::string& flowId) {
  const FlowEntry* entry = flows_.find(flowId);
  if (entry != nullptr && entry->stage == Stage::kParked) {
    parts_.queue.parkFlow(flowId, {}, [](const base::Status&) {});
  }
}

void WebhookIntake::parkAccepted() {
  for (const std::string& flowId : flows_.inStage(Stage::kParked)) {
    if (flows_.find(flowId)->waiting > 0) {
      park(flowId);
    }
  }
}

void WebhookIntake::inject(flows::Injection injection, flows::Coordinator::Told told) {
  parts_.loop.post([this, injection = std::move(injection), told = std::move(told)]() mutable {
    FlowEntry* entry = flows_.find(injection.flowId);
    const auto flow = entry == nullptr ? nullptr : flows_.flow(injection.flowId);
    if (flow == nullptr || entry->stage != Stage::kRunning) {
      told(base::fail(base::Code::kConflict, "Flow " + injection.flowId + " does not run: start it first."));
      return;
    }
    if (flow->find(injection.componentId) == nullptr) {
      told(base::fail(base::Code::kNotFound, "Flow " + injection.flowId + " has no component " + injection.componentId + "."));
      return;
    }
    if (base::Status room = roomFor(injection.flowId, "The message was not accepted"); !room) {
      told(room);
      return;
    }
    queue::Emission emission;
    const queue::MessagePtr message = makeMessage(injection.flowId, entry->runId, injection.componentId, std::move(injection.content), emission);
    message->port = injection.inPort;
    message->correlationId = base::newUuid(parts_.random);
    parts_.queue.enqueue(std::move(emission), {}, std::move(told));
  });
}

queue::Emission WebhookIntake::put(store::Transaction& tx, const std::vector<datastores::ListenerCall>& calls) const {
  queue::Emission emission;
  for (const datastores::ListenerCall& call : calls) {
    const auto flow = tx.flows().byId(call.flowId);
    if (!flow || (flow->stage != "running" && flow->stage != "starting")) {
      continue;
    }
    const queue::MessagePtr message =
        makeMessage(call.flowId, flow->runId, call.componentId,
                    "{\"method\":\"POST\",\"data\":" + call.payload + ",\"query\":{},\"headers\":{},\"hostname\":\"\"}", emission);
    message->wake = queue::Wake::kWebhook;
    message->port = "webhook";
    message->correlationId = base::newUuid(parts_.random);
  }
  queue::insertEmission(tx, emission);
  return emission;
}

void WebhookIntake::adopt(queue::Emission emission) {
  if (!emission.messages.empty()) {
    parts_.loop.post([this, emission = std::move(emission)] { parts_.queue.adopt(emission); });
  }
}

}  // namespace patchbay::engine
