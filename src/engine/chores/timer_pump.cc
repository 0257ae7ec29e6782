#include "engine/chores/timer_pump.h"

#include <algorithm>

namespace patchbay::engine {

namespace {
// Longest sleep: the wall clock may be set meanwhile.
constexpr std::int64_t kLongest = 60'000;
}  // namespace

void TimerPump::scheduled(std::int64_t dueAt) {
  if (stopped_ || (armedFor_ && *armedFor_ <= dueAt)) {
    return;
  }
  if (armedFor_) {
    parts_.loop.cancel(timer_);
  }
  armedFor_ = dueAt;
  const std::int64_t wait = std::clamp<std::int64_t>(dueAt - base::toMillis(parts_.clock.now()), 0, kLongest);
  timer_ = parts_.loop.after(base::Millis(wait), [this] { run(); });
}

void TimerPump::stop() {
  stopped_ = true;
  if (armedFor_) {
    parts_.loop.cancel(timer_);
  }
}

void TimerPump::run() {
  armedFor_ = std::nullopt;
  if (running_ || stopped_) {
    return;
  }
  running_ = true;
  parts_.queue.wakeDue(parts_.clock.now(), [this](std::optional<std::int64_t> next) {
    running_ = false;
    // While this ran, an earlier row may have been scheduled and its run skipped.
    scheduled(next.value_or(base::toMillis(parts_.clock.now()) + kLongest));
  });
}

}  // namespace patchbay::engine
