#include "engine/attempt_reports.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "engine/message_properties.h"
#include "system_webhooks/component_error.h"
#include "system_webhooks/outbox.h"

namespace patchbay::engine {

namespace {

constexpr const char* kName = "patchbay_attempts_total";
constexpr const char* kHelp = "Calls of components, by outcome.";

// Seconds: from what a warm worker needs to the deadline of a call.
const std::vector<double> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                     0.5,   1,      2.5,   5,    10,    30,   60,  300, 1500};

// A clock that was set back makes no negative time.
double seconds(std::int64_t millis) {
  return static_cast<double>(std::max<std::int64_t>(0, millis)) / 1000;
}

std::string_view outcomeText(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kCancelled:
      return "cancelled";
    case OutcomeKind::kInvalidInput:
      return "invalid_input";
    case OutcomeKind::kFailed:
      return "failed";
    case OutcomeKind::kMissing:
      return "missing";
    case OutcomeKind::kLostAlone:
      return "lost";
    case OutcomeKind::kLostWithOthers:
      return "lost_with_others";
    case OutcomeKind::kUnavailable:
      return "unavailable";
    case OutcomeKind::kExpired:
      return "expired";
  }
  return "failed";
}

std::string_view causeOf(const Attempt& attempt, const Outcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::kMissing:
      return attempt.node->found ? "component-does-not-load" : "connector-not-installed";
    case OutcomeKind::kInvalidInput:
      return "invalid-input";
    case OutcomeKind::kCancelled:
      return "cancelled";
    case OutcomeKind::kLostAlone:
      return outcome.code == "DEADLINE" ? "deadline" : "worker-lost";
    case OutcomeKind::kExpired:
      return "expired";
    case OutcomeKind::kLostWithOthers:
    case OutcomeKind::kUnavailable:
    case OutcomeKind::kFailed:
      break;
  }
  return outcome.code == "WORKER_QUARANTINED" ? "worker-quarantined" : "component-error";
}

std::string_view codeOf(const Outcome& outcome) {
  return outcome.code.empty() ? std::string_view(outcome.name) : std::string_view(outcome.code);
}

}  // namespace

AttemptReports::AttemptReports(Parts& parts)
    : parts_(parts),
      calls_(parts.metrics.histogram("patchbay_call_duration_seconds",
                                     "How long calls of components took, whatever their outcome.",
                                     kBounds)),
      deliveries_(parts.metrics.histogram(
          "patchbay_delivery_latency_seconds",
          "From a message's arrival in the queue to the end of the call that was done with it; "
          "waiting and failed tries count.",
          kBounds)),
      done_(parts.metrics.counter(kName, kHelp, {{"outcome", "done"}})) {
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    const std::string text(outcomeText(static_cast<OutcomeKind>(kind)));
    failed_[kind] = &parts.metrics.counter(kName, kHelp, {{"outcome", text}});
  }
}

void AttemptReports::observe(const Attempt& attempt) {
  if (attempt.calledAt != 0) {
    calls_.observe(seconds(base::toMillis(parts_.clock.now()) - attempt.calledAt));
  }
}

void AttemptReports::done(const Attempt& attempt) {
  done_.add();
  observe(attempt);
  if (attempt.message->id != 0 && attempt.message->arrivedAt != 0) {
    deliveries_.observe(seconds(base::toMillis(parts_.clock.now()) - attempt.message->arrivedAt));
  }
}

void AttemptReports::failed(const Attempt& attempt, const Outcome& outcome) {
  observe(attempt);
  failed_[static_cast<std::size_t>(outcome.kind)]->add();
  const bool spared =
      outcome.kind == OutcomeKind::kLostWithOthers || outcome.kind == OutcomeKind::kUnavailable;
  if (!spared && parts_.outbox.wants(system_webhooks::kComponentErrorKey)) {
    report(attempt, outcome);
  }
}

void AttemptReports::report(const Attempt& attempt, const Outcome& outcome) const {
  const queue::Message& message = *attempt.message;
  const bool queued = message.id != 0;
  const RunningNode* source = attempt.flow->find(message.sourceId);
  const std::string properties =
      messageProperties(message, queued ? parts_.queue.names().name(message.id) : "",
                        source == nullptr ? "" : source->node->type);
  std::string accountId;
  if (attempt.node->found) {
    if (const auto account = parts_.accounts.authFor(attempt.flow->flowId, attempt.componentId(),
                                                     attempt.component())) {
      accountId = account->accountId;
    }
  }
  system_webhooks::ComponentError error;
  error.err = outcome.err;
  error.name = outcome.name;
  error.message = outcome.message;
  error.code = codeOf(outcome);
  error.flowId = attempt.flow->flowId;
  error.flowName = attempt.flow->name;
  error.userId = attempt.flow->userId;
  error.componentId = attempt.componentId();
  error.componentType = attempt.node->node->type;
  if (queued) {
    error.inPort = message.port;
    error.inputProperties = properties;
    error.inputContent = attempt.content.empty() && message.payload != nullptr
                             ? message.payload->json
                             : attempt.content;
  }
  error.accountId = accountId;
  error.connector = attempt.node->bundle;
  error.cause = causeOf(attempt, outcome);
  parts_.outbox.tell(system_webhooks::componentError(
      error, parts_.configuration.bytes("LOG_COMPONENT_MESSAGE_MAX_BYTES", 51'200)));
}

}  // namespace patchbay::engine
