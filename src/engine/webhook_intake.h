// Lets messages in from outside: webhook calls and messages injected by clients (rest-api §10.1, §8.8).
//
// Threads: accept and inject are safe from any thread; `respond` and `told` are called once, on the engine loop, and must not block.
// Delivery: an answer with 2xx means that the message is committed.
#pragma once

#include <functional>
#include <string>

#include "datastores/data_stores.h"
#include "engine/flow_directory.h"
#include "engine/parts.h"
#include "flows/coordinator.h"
#include "webhooks/reply_desk.h"

namespace patchbay::engine {

struct WebhookCall {
  std::string flowId, componentId;
  std::string envelope;       // webhooks::makeEnvelope
  std::string correlationId;  // of the caller's query; empty = a new one
  std::string inPort;         // correlationInPort
  bool enqueueOnly = false;
  bool byPlugin = false;      // it may call components that have no webhook of their own
};

class WebhookIntake {
 public:
  WebhookIntake(Parts& parts, FlowDirectory& flows) : parts_(parts), flows_(flows) {}

  // Once, when the engine begins: what a crash left ready of flows that are parked.
  void parkAccepted();
  void accept(WebhookCall call, webhooks::ReplyDesk::Respond respond);
  void inject(flows::Injection injection, flows::Coordinator::Told told);
  // Calls of data stores' listeners, which have no caller: stored in the unit of work of the change they tell of, on any thread; what
  // put() gives goes to adopt() once that is committed. Flows that do not run are left out.
  queue::Emission put(store::Transaction& tx, const std::vector<datastores::ListenerCall>& calls) const;
  void adopt(queue::Emission emission);
  // Answers 503 from now on.
  void close() { closed_ = true; }

 private:
  base::Millis replyTimeout() const;
  void offer(const queue::MessagePtr& message, webhooks::ReplyDesk::Respond respond);
  void answerWhenStored(const queue::MessagePtr& message, webhooks::Reply reply, const webhooks::ReplyDesk::Respond& respond);
  void acceptOnLoop(WebhookCall call, webhooks::ReplyDesk::Respond respond);
  base::Result<FlowEntry*> admit(const WebhookCall& call);
  void park(const std::string& flowId);
  base::Status roomWhileParked(FlowEntry& entry) const;
  base::Status roomFor(const std::string& flowId, std::string_view refused) const;  // in the queue and on the disk
  queue::MessagePtr makeMessage(const std::string& flowId, std::int64_t runId, const std::string& componentId,
                                std::string payload, queue::Emission& emission) const;

  Parts& parts_;
  FlowDirectory& flows_;
  bool closed_ = false;
};

}  // namespace patchbay::engine
