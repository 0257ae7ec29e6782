#include "engine/quota/gate.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "base/json.h"
#include "base/log.h"
#include "engine/quota/worker_call.h"
#include "store/messages.h"
#include "system_webhooks/component_error.h"
#include "system_webhooks/outbox.h"
#include "webhooks/reply_desk.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kLookAgain = 1'000;  // ms; when it cannot be told when there is room
constexpr std::int64_t kLookForRoom = 100;  // ms; the same, for who waits outside of queues
constexpr std::size_t kMostEntering = 256;  // who do
constexpr base::Millis kAskAgain{5'000};    // when the code that tells the next window does not
constexpr std::int64_t kLongestWindow = std::int64_t{400} * 24 * 3600 * 1000;

std::string scopeValue(Parts& parts, const std::string& scope, const RunningFlow& flow,
                       const RunningNode& node, std::string_view componentId) {
  if (scope == "userId") {
    return flow.userId;
  }
  if (scope == "flowId") {
    return flow.flowId;
  }
  if (scope == "componentId") {
    return flow.flowId + "/" + std::string(componentId);
  }
  if ((scope == "accessTokenId" || scope == "accountId") && !flow.flowId.empty()) {
    const auto auth =
        parts.accounts.authFor(flow.flowId, std::string(componentId), *node.found.component);
    return auth == nullptr ? std::string() : auth->accountId;
  }
  return {};
}

}  // namespace

QuotaHold::QuotaHold(Parts& parts, QuotaCounters& counters, std::vector<Place> places)
    : parts_(parts), counters_(counters), places_(std::move(places)) {
  for (const Place& place : places_) {
    place.counter->window.grant();
    counters_.changed(place.counter);
  }
}

void QuotaHold::begun() {
  if (std::exchange(begun_, true)) {
    return;
  }
  const std::int64_t now = base::toMillis(parts_.clock.now());
  for (const Place& place : places_) {
    if (place.counter->throttling != Throttling::kConcurrency) {
      place.counter->window.begun(now, place.limit);
      counters_.changed(place.counter);
    }
  }
}

void QuotaHold::end(bool called) {
  if (called) {
    begun();
  }
  for (const Place& place : std::exchange(places_, {})) {
    if (place.counter->throttling == Throttling::kConcurrency || !begun_) {
      place.counter->window.giveBack();
      counters_.changed(place.counter);
      counters_.free(place.counter);
    }
  }
  counters_.commit([](const base::Status&) {});
}

base::Status QuotaGate::open() {
  if (base::Status opened = counters_.open(); !opened) {
    return opened;
  }
  return parts_.store.read([this](store::Transaction& tx) {
    for (const store::WaitingOutline& row : tx.messages().untried()) {
      lines_.put(row.flowId, row.componentId, row.id, row.dueAt);
    }
  });
}

const QuotaPlan* QuotaGate::planOf(const RunningNode& node) {
  if (!node.found) {
    return nullptr;
  }
  if (!node.quota) {
    const connectors::Component& component = *node.found.component;
    const json::object quota =
        mergeQuota(
        json::find(component.manifest, "quota"), node.node == nullptr ? nullptr : node.node->quota);
    const std::string manager = json::getString(quota, "manager");
    const auto source =
        manager.empty() ? nullptr : definitions_.find(manager, *node.found.revision, component);
    node.quota = makeQuotaPlan(quota, component.name, source.get(), node.found.revision);
  }
  return node.quota->get();
}

QuotaCounterPtr QuotaGate::counterOf(const Call& call, const QuotaRule& rule) {
  return counters_.get(
      counterName(call.plan.source, rule, scopeValue(parts_, rule.scope, call.flow, call.node,
                                                    call.message.componentId)),
      rule);
}

QuotaGate::Room QuotaGate::roomFor(const Call& call, std::size_t nth, std::int64_t now) {
  Room room{now, nullptr};
  for (const QuotaRule& rule : call.plan.rules) {
    const QuotaCounterPtr counter = counterOf(call, rule);
    if (counter->window.wantsNextWindow(now)) {
      askNextWindow(call, rule, counter, now);
    }
    const auto number =
        rule.throttling == Throttling::kConcurrency ? 1 : static_cast<std::int64_t>(nth);
    const auto at = counter->window.timeOf(number, rule.limit, now);
    if (!at) {
      return {std::nullopt, counter};
    }
    if (*at > *room.at) {
      room = {at, counter};
    }
  }
  return room;
}

// On whose behalf code of a quota.js is asked.
struct QuotaGate::Asker {
  std::string flowId, flowName, userId, componentId, componentType, connector;
};

void QuotaGate::askNextWindow(const Call& call, const QuotaRule& rule,
                              const QuotaCounterPtr& counter, std::int64_t now) {
  if (!rule.asksCode) {
    counter->window.setNextWindow((now / rule.window + 1) * rule.window, now);
    return;
  }
  if (std::exchange(counter->asking, true)) {
    return;
  }
  QuotaQuestion question{call.plan.revision->worker, "nextWindow", call.plan.dir, call.plan.text,
                         rule.index};
  Asker asker{call.flow.flowId,
              call.flow.name,
              call.flow.userId,
              call.message.componentId,
              call.node.found.component->name,
              call.node.found.revision->bundle};
  askQuotaCode(
      parts_.runtime, parts_.loop, std::move(question),
      [this, counter, asker = std::move(asker)](const base::Result<json::value>& answer) {
        nextWindowTold(counter, asker, answer);
      });
}

// Without a good answer there is no room: a window that was guessed might hold more than its limit.
void QuotaGate::nextWindowTold(const QuotaCounterPtr& counter, const Asker& asker,
                               const base::Result<json::value>& answer) {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  const std::int64_t start = answer ? json::getInt(answer->as_object(), "start").value_or(0) : 0;
  if (start <= now || start > now + kLongestWindow) {
    const bool justPassed =
        start <= now && start > now - kLookAgain;  // while the answer was on its way
    if (!justPassed) {
      spdlog::warn(
          "quota counter {}: getStartOfNextWindow told no time to come, asking again in {} ms: {}",
          counter->name, kAskAgain.count(),
          answer ? std::to_string(start) : answer.error().message);
      report(asker, answer ? "getStartOfNextWindow told no time to come: " + std::to_string(start)
                           : answer.error().message);
    }
    parts_.loop.after(justPassed ? base::Millis(1) : kAskAgain, [this, counter] {
      counter->asking = false;
      counters_.free(counter);
    });
    return;
  }
  counter->asking = false;
  counter->window.setNextWindow(start, now);
  counters_.changed(counter);
  counters_.free(counter);
}

// The stock receiver of component errors tells them apart by `type`.
void QuotaGate::report(const Asker& asker, const std::string& message) {
  if (asker.flowId.empty() || !parts_.outbox.wants(system_webhooks::kComponentErrorKey)) {
    return;
  }
  system_webhooks::ComponentError error;
  error.type = "quota";
  error.name = "QuotaError";
  error.code = "QUOTA_CODE_FAILED";
  error.message = message;
  error.flowId = asker.flowId;
  error.flowName = asker.flowName;
  error.userId = asker.userId;
  error.componentId = asker.componentId;
  error.componentType = asker.componentType;
  error.connector = asker.connector;
  error.cause = "quota-code-failed";
  parts_.outbox.tell(system_webhooks::componentError(
      error, parts_.configuration.bytes("LOG_COMPONENT_MESSAGE_MAX_BYTES", 51'200)));
}

QuotaGate::Decision QuotaGate::hold(const Room& room) {
  counters_.waitFor(room.counter, room.at);
  return {Verdict::kHold, room.at.value_or(base::toMillis(parts_.clock.now()) + kLookAgain),
          room.counter->gate()};
}

QuotaGate::Decision QuotaGate::forWake(const Call& call, const Room& room, std::int64_t now) {
  const std::int64_t at = room.at.value_or(now);
  if (at - call.message.arrivedAt <= call.plan.maxWait) {
    return hold(room);
  }
  return {Verdict::kRefuse, at, {}};
}

QuotaGate::Decision QuotaGate::decide(const Call& call) {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  const queue::MessageId id = call.message.id;
  WaitingLine* line =
      id == 0 ? nullptr : lines_.find(call.message.flowId, call.message.componentId);
  std::size_t before = line == nullptr ? 0 : line->before(id);
  while (before > 0 && dropGone(*line, now)) {
    --before;
  }
  const Room room = roomFor(call, before + 1, now);
  if (before == 0 && room.at && *room.at <= now) {
    return {};
  }
  if (id == 0) {
    return forWake(call, room, now);
  }
  const WaitingMessage* waiting = line == nullptr ? nullptr : line->find(id);
  if (before == 0) {
    const bool back = waiting != nullptr && now - waiting->due <= call.plan.maxWait;
    if (!room.at || (back && *room.at - now <= call.plan.maxWait)) {
      return hold(room);
    }
  }
  std::int64_t at = room.at.value_or(now + kLookAgain);
  if (waiting == nullptr && before > 0 && before == line->size()) {
    at = std::max(at, line->back().due);
  }
  return {Verdict::kLater, at, {}};
}

// A message that is gone no longer stands in the way.
bool QuotaGate::dropGone(WaitingLine& line, std::int64_t now) {
  if (line.empty() || line.front().due + kLookAgain > now || line.lookedAt + kLookAgain > now) {
    return false;
  }
  const queue::MessageId id = line.front().id;
  bool there = true;
  const base::Status read = parts_.store.read(
      [&](store::Transaction& tx) { there = tx.messages().byId(id).has_value(); });
  if (!read || there) {
    line.lookedAt = now;
    return false;
  }
  line.remove(id);
  return true;
}

void QuotaGate::hasten(std::function<void(std::int64_t dueAt)> scheduled) {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  std::vector<queue::MessageId> ids = lines_.hasten(now);
  if (ids.empty()) {
    return;
  }
  parts_.store.submit(
      [ids = std::move(ids), now](store::Transaction& tx) {
        tx.messages().hasten(ids, now);
        return base::Status();
      },
      [this, now, scheduled = std::move(scheduled)](base::Status status) {
        parts_.loop.post([now, scheduled, status = std::move(status)] {
          if (status) {
            scheduled(now);
          } else {
            spdlog::error("messages that wait for a quota keep their times: {}",
                          status.error().message);
          }
        });
      });
}

bool QuotaGate::mayTake(const queue::Message& message, const RunningFlow& flow,
                        const RunningNode& node, std::string& waitsFor) {
  const QuotaPlan* plan = planOf(node);
  if (plan == nullptr) {
    return true;
  }
  Decision decision = decide({message, flow, node, *plan});
  waitsFor = std::move(decision.waitsFor);
  return decision.verdict != Verdict::kHold;
}

bool QuotaGate::take(Attempt& attempt) {
  const queue::Message& message = *attempt.message;
  const QuotaPlan* plan = planOf(*attempt.node);
  if (plan == nullptr) {
    lines_.remove(message.flowId, message.componentId, message.id);
    return true;
  }
  const Call call{message, *attempt.flow, *attempt.node, *plan};
  const Decision decision = decide(call);
  if (decision.verdict == Verdict::kGo) {
    lines_.remove(message.flowId, message.componentId, message.id);
    occupy(attempt, call);
    return true;
  }
  if (message.id == 0) {
    refuse(attempt, decision.at);
  } else {
    putBack(attempt, *plan, decision.at);
  }
  return false;
}

void QuotaGate::enter(const AttemptPtr& attempt, const Entered& told) {
  const QuotaPlan* plan = planOf(*attempt->node);
  if (plan == nullptr) {
    told({});
    return;
  }
  const Call call{*attempt->message, *attempt->flow, *attempt->node, *plan};
  const std::int64_t now = base::toMillis(parts_.clock.now());
  const Room room = roomFor(call, 1, now);
  if (!room.at || *room.at > now) {
    waitToEnter(attempt, room.at.value_or(now + kLookForRoom), plan->maxWait, told);
    return;
  }
  occupy(*attempt, call);
  whenCounted([attempt, told](const base::Status& status) {
    if (!status) {
      std::exchange(attempt->quota, nullptr)->end(false);
    }
    told(status);
  });
}

void QuotaGate::waitToEnter(const AttemptPtr& attempt, std::int64_t at, std::int64_t maxWait,
                            const Entered& told) {
  if (at - attempt->message->arrivedAt > maxWait || entering_ >= kMostEntering) {
    base::Error refusal =
        base::fail(base::Code::kUnavailable, "The quota of " + attempt->component().name +
                                                 " has no room before " +
                                                 base::toIso(base::fromMillis(at)) +
                                                 ". It was not called: try again then.");
    const std::int64_t wait = at - base::toMillis(parts_.clock.now());
    refusal.data = json::object{{"retryAfter", std::max<std::int64_t>(1, (wait + 999) / 1000)}};
    told(std::move(refusal));
    return;
  }
  ++entering_;
  const std::int64_t wait = std::max<std::int64_t>(1, at - base::toMillis(parts_.clock.now()));
  parts_.loop.after(base::Millis(wait), [this, attempt, told] {
    --entering_;
    enter(attempt, told);
  });
}

void QuotaGate::occupy(Attempt& attempt, const Call& call) {
  std::vector<QuotaHold::Place> places;
  for (const QuotaRule& rule : call.plan.rules) {
    places.push_back({counterOf(call, rule), rule.limit});
  }
  attempt.quota = std::make_shared<QuotaHold>(parts_, counters_, std::move(places));
}

void QuotaGate::putBack(const Attempt& attempt, const QuotaPlan& plan, std::int64_t at) {
  queue::Message& message = *attempt.message;
  const std::int64_t wait = at - base::toMillis(parts_.clock.now());
  if (!plan.queues || wait > plan.maxWait) {
    parts_.replies.attemptFailed(message.trace, [&] {
      webhooks::Reply reply;
      reply.status = 202;
      reply.body = json::write(
          json::object{{"message", "The quota of " + attempt.node->node->type +
                                       " has no room before " + base::toIso(base::fromMillis(at)) +
                                       ". The message was accepted and is processed then."},
                       {"messageId", parts_.queue.names().name(message.id)}});
      return reply;
    });
  }
  lines_.put(message.flowId, message.componentId, message.id, at);
  message.dueAt = at;
  parts_.queue.delay(attempt.message, {});
}

void QuotaGate::refuse(const Attempt& attempt, std::int64_t at) {
  parts_.queue.finish(attempt.message);
  if (attempt.message->finished) {
    attempt.message->finished(base::fail(
        base::Code::kUnavailable, "The quota of " + attempt.node->node->type +
                                      " has no room before " + base::toIso(base::fromMillis(at)) +
                                      ". It was not called: try again then."));
  }
}

}  // namespace patchbay::engine
