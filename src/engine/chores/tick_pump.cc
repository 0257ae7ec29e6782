#include "engine/chores/tick_pump.h"

#include <algorithm>
#include <array>

namespace patchbay::engine {

namespace {

constexpr std::int64_t kShortestPeriod = 100;  // ms

std::int64_t drawBelow(base::Random& random, std::int64_t bound) {
  std::array<std::uint8_t, 4> bytes{};
  random.fill(bytes);
  const std::int64_t number = bytes[0] << 16 | bytes[1] << 8 | bytes[2];
  return number % std::max<std::int64_t>(1, bound);
}

}  // namespace

void TickPump::add(const std::string& flowId, std::int64_t runId, const std::vector<Polling>& components, bool spread) {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  for (const Polling& component : components) {
    auto entry = std::make_shared<Entry>();
    entry->flowId = flowId;
    entry->componentId = component.componentId;
    entry->runId = runId;
    entry->period = std::max(kShortestPeriod, component.periodMs > 0 ? component.periodMs
                                                                     : parts_.configuration.number("TICK_PERIOD", 60'000));
    byDue_.emplace(now + (spread ? drawBelow(parts_.random, entry->period) : 0), entry);
    byFlow_[flowId].push_back(std::move(entry));
  }
  arm();
}

void TickPump::remove(const std::string& flowId) {
  const auto found = byFlow_.find(flowId);
  if (found == byFlow_.end()) {
    return;
  }
  for (const EntryPtr& entry : found->second) {
    entry->removed = true;  // its place in byDue_ goes when its time comes
  }
  byFlow_.erase(found);
}

void TickPump::stop() {
  stopped_ = true;
  parts_.loop.cancel(timer_);
}

void TickPump::arm() {
  if (stopped_ || byDue_.empty()) {
    return;
  }
  const std::int64_t due = byDue_.begin()->first;
  if (armedFor_ != 0 && armedFor_ <= due) {
    return;
  }
  if (armedFor_ != 0) {
    parts_.loop.cancel(timer_);
  }
  armedFor_ = due;
  const std::int64_t wait = std::max<std::int64_t>(0, due - base::toMillis(parts_.clock.now()));
  timer_ = parts_.loop.after(base::Millis(wait), [this] { run(); });
}

void TickPump::run() {
  armedFor_ = 0;
  const std::int64_t now = base::toMillis(parts_.clock.now());
  while (!byDue_.empty() && byDue_.begin()->first <= now) {
    const EntryPtr entry = byDue_.begin()->second;
    byDue_.erase(byDue_.begin());
    if (entry->removed) {
      continue;
    }
    byDue_.emplace(now + entry->period, entry);
    if (!entry->underWay && !parts_.disk.spent()) {
      wake(entry, now);
    }
  }
  arm();
}

void TickPump::wake(const EntryPtr& entry, std::int64_t now) {
  entry->underWay = true;
  auto tick = std::make_shared<queue::Message>();
  tick->wake = queue::Wake::kTick;
  tick->flowId = entry->flowId;
  tick->componentId = entry->componentId;
  tick->port = "tick";
  tick->runId = entry->runId;
  tick->arrivedAt = now;
  tick->scope = std::make_shared<const queue::Scope>();
  const std::string elapsed = entry->lastTick == 0 ? "null" : std::to_string(now - entry->lastTick);
  const std::string last = entry->lastTick == 0 ? "null" : "\"" + base::toIso(base::fromMillis(entry->lastTick)) + "\"";
  tick->payload = std::make_shared<const queue::Payload>(queue::Payload{
      0, "{\"now\":\"" + base::toIso(base::fromMillis(now)) + "\",\"elapsed\":" + elapsed + ",\"lastTick\":" + last + "}"});
  entry->lastTick = now;
  tick->finished = [entry](const base::Status&) { entry->underWay = false; };
  parts_.queue.wake(std::move(tick));
}

}  // namespace patchbay::engine
