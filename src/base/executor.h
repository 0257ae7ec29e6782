// Where work runs: the engine loop, behind a seam so that tests and `make simulate` are single-threaded and reproducible (R35).
//
// Threads: post and after are safe from any thread; what they run, runs on the executor's one thread, in the order posted.
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"

namespace patchbay::base {

using TimerId = std::uint64_t;

class Executor {
 public:
  using Work = std::function<void()>;
  virtual ~Executor() = default;
  virtual void post(Work work) = 0;
  // Runs `work` once, not before `delay` has passed.
  virtual TimerId after(Millis delay, Work work) = 0;
  // A timer that has fired or is unknown: no effect. Only on the executor's thread.
  virtual void cancel(TimerId timer) = 0;
  // True on the executor's own thread.
  virtual bool onThread() const = 0;
};

}  // namespace patchbay::base
