#include "scheduler.h"

#include <algorithm>

namespace patchbay::simulate {

namespace {
constexpr std::uint64_t kPauseOneIn = 24;
constexpr std::int64_t kLongestPause = 40;      // ms
constexpr std::uint64_t kMostWhileBlocked = 8;  // steps of others
constexpr base::Millis kLongestSync{100};
}  // namespace

bool Scheduler::isReady(const SimulatedExecutor& executor) const {
  return !executor.busy_ && executor.pausedUntil_ <= clock_.now();
}

std::size_t Scheduler::countReady(std::vector<SimulatedExecutor*>& ready,
                                  std::vector<base::TimerId>& due) const {
  for (SimulatedExecutor* executor : executors_) {
    if (!executor->posted_.empty() && isReady(*executor)) {
      ready.push_back(executor);
    }
  }
  for (const auto& [time, timer] : byDue_) {
    if (time > clock_.now()) {
      break;
    }
    if (isReady(*timers_.at(timer).executor)) {
      due.push_back(timer);
    }
  }
  return ready.size() + due.size();
}

// To the next moment at which somebody can go on. False: there is none until then.
bool Scheduler::advance(base::Time until) {
  std::optional<base::Time> next;
  const auto consider = [&](const SimulatedExecutor& executor, base::Time time) {
    const base::Time moment = std::max(time, executor.pausedUntil_);
    if (!executor.busy_ && (!next || moment < *next)) {
      next = moment;
    }
  };
  for (const SimulatedExecutor* executor : executors_) {
    if (!executor->posted_.empty()) {
      consider(*executor, clock_.now());
    }
  }
  for (const auto& [time, timer] : byDue_) {
    consider(*timers_.at(timer).executor, time);
  }
  if (next && *next <= until) {
    clock_.advanceTo(*next);
    return true;
  }
  if (until != base::Time::max()) {
    clock_.advanceTo(until);
  }
  return false;
}

bool Scheduler::step(base::Time until) {
  std::vector<SimulatedExecutor*> ready;
  std::vector<base::TimerId> due;
  std::size_t choices = countReady(ready, due);
  while (choices == 0) {
    if (!advance(until)) {
      return false;
    }
    choices = countReady(ready, due);
  }
  const std::size_t choice = random_.below(choices);
  if (choice < ready.size()) {
    SimulatedExecutor& executor = *ready[choice];
    const base::Executor::Work work = std::move(executor.posted_.front());
    executor.posted_.pop_front();
    run(executor, work);
  } else {
    const auto timer = timers_.extract(due[choice - ready.size()]);
    byDue_.erase({timer.mapped().due, timer.key()});
    run(*timer.mapped().executor, timer.mapped().work);
  }
  return true;
}

void Scheduler::run(SimulatedExecutor& executor, const base::Executor::Work& work) {
  ++steps_;
  SimulatedExecutor* const before = std::exchange(current_, &executor);
  executor.busy_ = true;
  work();
  executor.busy_ = false;
  current_ = before;
  if (random_.oneIn(kPauseOneIn)) {
    executor.pausedUntil_ = clock_.now() + base::Millis(random_.between(1, kLongestPause));
  }
}

void Scheduler::whileBlocked() {
  const base::Time until = clock_.now() + kLongestSync;
  for (std::uint64_t steps = random_.below(kMostWhileBlocked); steps > 0 && step(until); --steps) {
  }
}

void Scheduler::dropAll() {
  for (SimulatedExecutor* executor : executors_) {
    executor->pausedUntil_ = {};
    const auto dropped = std::exchange(executor->posted_, {});
  }
  byDue_.clear();
  const auto dropped = std::exchange(timers_, {});
}

SimulatedExecutor::SimulatedExecutor(Scheduler& scheduler) : scheduler_(scheduler) {
  scheduler_.executors_.push_back(this);
}

SimulatedExecutor::~SimulatedExecutor() {
  std::erase(scheduler_.executors_, this);
  std::erase_if(scheduler_.timers_, [this](const auto& entry) {
    if (entry.second.executor != this) {
      return false;
    }
    scheduler_.byDue_.erase({entry.second.due, entry.first});
    return true;
  });
}

base::TimerId SimulatedExecutor::after(base::Millis delay, Work work) {
  const base::TimerId timer = ++scheduler_.lastTimer_;
  const base::Time due = scheduler_.clock_.now() + std::max(delay, base::Millis(0));
  scheduler_.timers_.emplace(timer, Scheduler::Timer{due, this, std::move(work)});
  scheduler_.byDue_.emplace(due, timer);
  return timer;
}

void SimulatedExecutor::cancel(base::TimerId timer) {
  const auto found = scheduler_.timers_.extract(timer);
  if (!found.empty()) {
    scheduler_.byDue_.erase({found.mapped().due, timer});
  }
}

}  // namespace patchbay::simulate
