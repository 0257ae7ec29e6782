// Runs the "threads" of a simulated server on one real one: which of them goes on next is drawn
// from the seed.
//
// Each SimulatedExecutor is such a thread: its work runs in the order posted, its timers when their
// time has come, among those due at the same time in any order. Time goes on only when nobody has
// anything to do. Now and then a thread loses the processor for some milliseconds, so that what
// others do meanwhile comes first. Threads: one. Ownership: executors must not outlive their
// scheduler.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "seeded_random.h"
#include "simulated_clock.h"

namespace patchbay::simulate {

class SimulatedExecutor;

class Scheduler {
 public:
  Scheduler(SimulatedClock& clock, SeededRandom random) : clock_(clock), random_(random) {}

  // One piece of work of one thread. False: there is nothing to do until then; it is then.
  bool step(base::Time until = base::Time::max());
  // The thread that runs now waits for something outside: the others may go on meanwhile.
  void whileBlocked();
  // The machine is gone: all that was posted goes without running.
  void dropAll();

  bool runs(const SimulatedExecutor& executor) const { return current_ == &executor; }
  bool idle() const { return current_ == nullptr; }
  std::size_t steps() const { return steps_; }

 private:
  friend class SimulatedExecutor;
  struct Timer {
    base::Time due;
    SimulatedExecutor* executor = nullptr;
    base::Executor::Work work;
  };
  bool isReady(const SimulatedExecutor& executor) const;
  std::size_t countReady(std::vector<SimulatedExecutor*>& ready,
                         std::vector<base::TimerId>& due) const;
  bool advance(base::Time until);
  void run(SimulatedExecutor& executor, const base::Executor::Work& work);

  SimulatedClock& clock_;
  SeededRandom random_;
  std::vector<SimulatedExecutor*> executors_;
  std::map<base::TimerId, Timer> timers_;
  std::set<std::pair<base::Time, base::TimerId>> byDue_;
  base::TimerId lastTimer_ = 0;
  SimulatedExecutor* current_ = nullptr;
  std::size_t steps_ = 0;
};

// One thread of the simulated server. onThread() is also true while the server is built, when no
// thread of it runs.
class SimulatedExecutor final : public base::Executor {
 public:
  explicit SimulatedExecutor(Scheduler& scheduler);
  ~SimulatedExecutor() override;
  SimulatedExecutor(const SimulatedExecutor&) = delete;
  SimulatedExecutor& operator=(const SimulatedExecutor&) = delete;

  void post(Work work) override { posted_.push_back(std::move(work)); }
  base::TimerId after(base::Millis delay, Work work) override;
  void cancel(base::TimerId timer) override;
  bool onThread() const override { return scheduler_.runs(*this) || scheduler_.idle(); }

 private:
  friend class Scheduler;
  Scheduler& scheduler_;
  std::deque<Work> posted_;
  bool busy_ = false;  // in the middle of a piece of work
  base::Time pausedUntil_{};
};

}  // namespace patchbay::simulate
