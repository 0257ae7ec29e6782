#include "engine/completion.h"

#include <array>

#include "accounts/accounts.h"
#include "base/json.h"
#include "engine/context/host_calls.h"
#include "engine/context/lock_calls.h"
#include "engine/context/reply_calls.h"
#include "engine/lifecycle/stop_note.h"
#include "engine/missing_components.h"
#include "engine/saved_scopes.h"
#include "webhooks/reply_desk.h"

namespace patchbay::engine {

Completion::Completion(Parts& parts, Attempts& attempts, Emitter& emitter, DeadLetters& deadLetters,
                       FlowRecords& records, HostCalls& hostCalls, Locks& locks, MissingComponents& missing,
                       StopFlow stopFlow)
    : parts_(parts),
      attempts_(attempts),
      emitter_(emitter),
      deadLetters_(deadLetters),
      records_(records),
      hostCalls_(hostCalls),
      locks_(locks),
      missing_(missing),
      reports_(parts),
      stopFlow_(std::move(stopFlow)) {}

void Completion::drop(const queue::MessagePtr& message) {
  parts_.queue.settle(message, {}, {}, {});
  if (message->finished) {
    message->finished(base::fail(base::Code::kConflict, "The flow does not run."));
  }
}

void Completion::buryGone(const queue::MessagePtr& message, const RunningFlow& flow) {
  if (message->id == 0) {
    drop(message);
    return;
  }
  const Outcome outcome = Outcome::make(OutcomeKind::kMissing, "ComponentGoneError",
                                        "The flow no longer has component " + message->componentId + ".");
  parts_.queue.bury(message, deadLetters_.make(*message, flow, "", "", outcome), {}, {});
}

void Completion::onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view arguments) {
  const AttemptPtr attempt = attempts_.find(call);
  if (attempt == nullptr) {
    return;
  }
  parts_.queue.keep(attempt->message);  // before what others can see of it
  if (attempt->emitting == 0) {
    answer(attempt, q, op, arguments);
    return;
  }
  attempt->afterEmission.push_back([this, q, op = std::string(op), arguments = std::string(arguments)](const AttemptPtr& of) {
    answer(of, q, op, arguments);
  });
}

// What is written after a send must not stand without it: a component that is called again would take it as sent. The call has failed
// then, but what it holds is let go.
void Completion::answer(const AttemptPtr& attempt, std::uint64_t q, std::string_view op, std::string_view arguments) {
  if (attempt->emitted || op == kLockRelease) {
    hostCalls_.handle(attempt, q, op, arguments);
  } else {
    parts_.runtime.replyError(attempt->call, q, hostError(attempt->emitted.error()));
  }
}

void Completion::onEmit(runtime::CallId call, std::optional<std::uint64_t> q, std::span<const runtime::Send> sends) {
  const AttemptPtr attempt = attempts_.find(call);
  if (attempt == nullptr) {
    return;
  }
  parts_.queue.keep(attempt->message);
  attempt->emitting += q ? 0 : 1;
  parts_.queue.enqueue(emitter_.sends(*attempt, sends), {}, [this, attempt, q](const base::Status& status) {
    if (!q) {
      emitted(attempt, status);
    }
    if (!q || attempt->fenced) {
      return;
    }
    if (status) {
      parts_.runtime.reply(attempt->call, *q, "{}");
    } else {
      parts_.runtime.replyError(attempt->call, *q, hostError(status.error()));
    }
  });
}

void Completion::emitted(const AttemptPtr& attempt, const base::Status& status) {
  --attempt->emitting;
  if (!status && attempt->emitted) {
    attempt->emitted = status;
  }
  if (attempt->emitting > 0) {
    return;
  }
  for (const auto& next : std::exchange(attempt->afterEmission, {})) {
    if (!attempt->fenced) {
      next(attempt);
    }
  }
}

void Completion::onLog(runtime::CallId call, std::string_view level, std::string_view message, std::string_view data) {
  if (const AttemptPtr attempt = attempts_.find(call)) {
    records_.component(*attempt, level, message, data);
  }
}

void Completion::onDone(runtime::CallId call, const runtime::Done& done) {
  const AttemptPtr attempt = attempts_.find(call);
  if (attempt == nullptr) {
    return;
  }
  Completed completed;
  if (done.tookUrl && !attempt->message->correlationId.empty()) {
    completed.also = saveScope(*attempt, base::toMillis(parts_.clock.now()));
  }
  completed.emission = emitter_.sends(*attempt, done.sends);
  completed.response = done.response;
  if (attempt->emitting == 0) {
    complete(attempt, std::move(completed));
    return;
  }
  attempt->afterEmission.push_back([this, completed = std::move(completed)](const AttemptPtr& of) mutable {
    complete(of, std::move(completed));
  });
}

// A call whose early sends were not stored has not been made as far as its flow can see: it is made again.
void Completion::complete(const AttemptPtr& attempt, Completed completed) {
  if (!attempt->emitted) {
    fail(attempt, Outcome::make(OutcomeKind::kUnavailable, "StoreError", attempt->emitted.error().message,
                                base::codeText(attempt->emitted.error().code)));
    return;
  }
  attempts_.remove(attempt);
  records_.ended(*attempt, true);
  reports_.done(*attempt);
  const queue::MessagePtr message = attempt->message;
  settle(*attempt, std::move(completed));
  if (message->finished) {
    message->finished(base::Status());
  }
}

// Whoever waits for the response hears it after the commit of what was sent and written. That of a call which is not stored yet is held back by
// the intake until then; it is given at once, for it must stand before what comes of the sends.
void Completion::settle(const Attempt& attempt, Completed completed) {
  const queue::MessagePtr message = attempt.message;
  const bool waits = attempt.writing > 0 || (!completed.emission.messages.empty() && !parts_.queue.isUnstored(*message));
  queue::MessageQueue::Done told;
  if (waits && !completed.response.empty()) {
    told = [this, message, response = completed.response](const base::Status&) { respond(parts_, *message, response); };
  }
  parts_.queue.settle(message, std::move(completed.emission), std::move(completed.also), std::move(told));
  if (!waits && !completed.response.empty()) {
    respond(parts_, *message, completed.response);
  }
}

void Completion::onFail(runtime::CallId call, const runtime::Failure& failure) {
  const AttemptPtr attempt = attempts_.find(call);
  if (attempt == nullptr) {
    return;
  }
  OutcomeKind kind = OutcomeKind::kFailed;
  switch (failure.kind) {
    case runtime::FailKind::kCancel: kind = OutcomeKind::kCancelled; break;
    case runtime::FailKind::kValidation: kind = OutcomeKind::kInvalidInput; break;
    case runtime::FailKind::kLoad: kind = OutcomeKind::kMissing; break;
    case runtime::FailKind::kToken:
    case runtime::FailKind::kError: break;
  }
  const Outcome outcome = Outcome::parse(kind, failure.err);
  if (failure.kind == runtime::FailKind::kToken || outcome.status == 401) {
    parts_.accounts.recheck(attempt->flow->flowId, attempt->componentId(), [](bool) {});  // marks a dead account
  }
  fail(attempt, outcome);
}

void Completion::onLost(runtime::CallId call, const runtime::Loss& loss) {
  const AttemptPtr attempt = attempts_.find(call);
  if (attempt == nullptr) {
    return;
  }
  attempt->fenced = true;  // nobody is left to answer
  for (const HeldLock& lock : attempt->locks) {
    locks_.release(lock.name, lock.token);
  }
  const bool alone = loss.deadline || loss.inFlight <= 1;
  fail(attempt, Outcome::make(alone ? OutcomeKind::kLostAlone : OutcomeKind::kLostWithOthers,
                              loss.deadline ? "DeadlineError" : "WorkerLostError", loss.reason,
                              loss.deadline ? "DEADLINE" : "WORKER_LOST"));
}

double Completion::draw() {
  std::array<std::uint8_t, 4> bytes{};
  parts_.random.fill(bytes);
  const auto number = static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
                      static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
  return static_cast<double>(number) / 4294967296.0;
}

void Completion::failWake(const AttemptPtr& attempt, const Outcome& outcome) {
  const queue::MessagePtr message = attempt->message;
  parts_.queue.finish(message);
  if (message->finished) {
    message->finished(base::fail(base::Code::kInvalid, outcome.message));
  }
}

void Completion::fail(const AttemptPtr& attempt, const Outcome& outcome) {
  attempts_.remove(attempt);
  records_.error(*attempt, outcome);
  records_.ended(*attempt, false);
  reports_.failed(*attempt, outcome);
  if (outcome.kind == OutcomeKind::kMissing) {
    missing_.add(attempt->node->node->type);
  }
  queue::Message& message = *attempt->message;
  if (message.id == 0) {
    failWake(attempt, outcome);
    return;
  }
  const std::int64_t age = base::toMillis(parts_.clock.now()) - message.arrivedAt;
  const Decision decision = decide(RetryRules::read(parts_.configuration), attempt->node->node->errorHandling, outcome,
                                   message.attempts, message.losses, age, draw());
  switch (decision.verdict) {
    case Verdict::kRetry: retry(attempt, outcome, decision); break;
    case Verdict::kExhausted: exhaust(attempt, outcome); break;
    case Verdict::kDropped: settleWithErrorPort(attempt, outcome); break;
  }
}

void Completion::retry(const AttemptPtr& attempt, const Outcome& outcome, const Decision& decision) {
  queue::Message& message = *attempt->message;
  message.alone = decision.alone;
  if (outcome.kind == OutcomeKind::kLostWithOthers) {
    parts_.queue.release(attempt->message);
    return;
  }
  const base::Time due = parts_.clock.now() + base::Millis(decision.delay);
  message.attempts += decision.spendAttempt ? 1 : 0;
  message.losses += decision.loss ? 1 : 0;
  message.dueAt = base::toMillis(due);
  if (decision.spendAttempt) {
    replyFailed(*attempt, outcome, base::toIso(due));
  }
  parts_.queue.delay(attempt->message, {});
}

void Completion::replyFailed(const Attempt& attempt, const Outcome& outcome, const std::string& rescheduled) {
  parts_.replies.attemptFailed(attempt.message->trace, [&] {
    webhooks::Reply reply;
    reply.status = 400;
    json::object body{{"statusCode", 400},
                      {"error", "Bad Request"},
                      {"message", outcome.message},
                      {"componentId", attempt.componentId()},
                      {"messageId", parts_.queue.names().name(attempt.message->id)}};
    if (!rescheduled.empty()) {
      body["rescheduled"] = rescheduled;
    }
    reply.body = json::write(body);
    return reply;
  });
}

void Completion::settleWithErrorPort(const AttemptPtr& attempt, const Outcome& outcome) {
  replyFailed(*attempt, outcome, "");
  queue::Emission emission;
  if (emitter_.linked(*attempt, flows::kErrorPortName)) {
    json::object error{{"message", outcome.message}, {"name", outcome.name}};
    error["code"] = outcome.code.empty() ? json::value(nullptr) : json::value(outcome.code);
    const std::string payload = "{\"error\":" + json::write(error) +
                                ",\"input\":" + (attempt->content.empty() ? "{}" : attempt->content) + "}";
    emitter_.send(*attempt, runtime::Send{flows::kErrorPortName, payload, {}, {}}, emission);
  }
  parts_.queue.settle(attempt->message, std::move(emission), {}, {});
}

void Completion::exhaust(const AttemptPtr& attempt, const Outcome& outcome) {
  const flows::OnError onError = attempt->node->node->errorHandling.onError;
  if (onError == flows::OnError::kErrorPort && emitter_.linked(*attempt, flows::kErrorPortName)) {
    settleWithErrorPort(attempt, outcome);
    return;
  }
  replyFailed(*attempt, outcome, "");
  auto record = deadLetters_.make(*attempt->message, *attempt->flow, attempt->node->node->type, attempt->content, outcome);
  const std::string flowId = attempt->message->flowId;
  StopCause cause{kStopComponentError, attempt->componentId(), attempt->node->node->type, attempt->node->bundle,
                  outcome.err, ""};
  if (onError != flows::OnError::kStopFlow) {
    parts_.queue.bury(attempt->message, std::move(record), {}, {});
    return;
  }
  store::Unit note = [this, flowId, cause](store::Transaction& tx) {
    noteStop(parts_, tx, flowId, Kept{}, cause);
    return base::Status();
  };
  parts_.queue.bury(attempt->message, std::move(record), std::move(note),
                    [this, flowId, cause](const base::Status&) { stopFlow_(flowId, cause); });
}

}  // namespace patchbay::engine
