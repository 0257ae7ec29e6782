#include "engine/context/timer_calls.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kMaxDelay = std::int64_t{31} * 24 * 3600 * 1000;  // ms

std::int64_t delayOf(const json::object& arguments) {
  const json::value* ms = json::find(arguments, "ms");
  if (ms == nullptr || !ms->is_number()) {
    return 1;
  }
  const double delay = ms->to_number<double>();
  return delay >= 1 ? static_cast<std::int64_t>(std::min(delay, static_cast<double>(kMaxDelay))) : 1;
}

void setTimeout(Parts& parts, const json::object& arguments, const Answer& answer) {
  const Attempt& attempt = answer.attempt();
  queue::Message& parent = *attempt.message;
  auto timer = std::make_shared<queue::Message>();
  timer->id = parts.queue.reserveId();
  if (parent.trace == 0) {
    parent.trace = timer->id;
  }
  timer->trace = parent.trace;
  timer->wake = queue::Wake::kTimeout;
  timer->flowId = parent.flowId;
  timer->componentId = parent.componentId;
  timer->port = "timeout";
  timer->correlationId = parent.correlationId.empty() ? base::newUuid(parts.random) : parent.correlationId;
  timer->scope = parent.scope;
  timer->runId = attempt.flow->runId;
  timer->arrivedAt = base::toMillis(parts.clock.now());
  timer->dueAt = timer->arrivedAt + delayOf(arguments);
  const json::value* content = json::find(arguments, "content");
  timer->payload = parts.queue.makePayload(content == nullptr ? "{}" : json::write(*content));
  queue::Emission emission;
  emission.payloads.push_back(timer->payload);
  emission.messages.push_back(timer);
  const std::string name = parts.queue.names().name(timer->id);
  parts.queue.enqueue(std::move(emission), {}, [answer, name](const base::Status& status) {
    if (status) {
      answer.ok("{\"timeoutId\":\"" + name + "\"}");
    } else {
      answer.fail(status.error());
    }
  });
}

}  // namespace

void addTimerCalls(HostCalls& calls, Parts& parts) {
  calls.add("setTimeout", [&parts](const json::object& arguments, Answer answer) { setTimeout(parts, arguments, answer); });
  calls.add("clearTimeout", [&parts](const json::object& arguments, Answer answer) {
    const queue::MessageId id = parts.queue.names().id(json::getString(arguments, "timeoutId"));
    if (id == 0) {
      answer.ok();
      return;
    }
    parts.queue.cancelScheduled(id, [answer](const base::Status&) { answer.ok(); });
  });
}

}  // namespace patchbay::engine
