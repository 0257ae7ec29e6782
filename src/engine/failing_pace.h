// How fast messages may fail whose component is missing. A connector that is removed under a flood leaves ten thousands of them, due in
// waves; each costs a commit and a log record, and all of it would be taken from the flows that work (S78).
//
// Threads: the engine loop.
#pragma once

#include <functional>

#include "base/executor.h"

namespace patchbay::engine {

class FailingPace {
 public:
  // `onMore`: more may fail now; called only after mayFail() said no.
  FailingPace(base::Executor& loop, std::function<void()> onMore) : loop_(loop), onMore_(std::move(onMore)) {}

  // May one more fail now? Counts it if so.
  bool mayFail();

 private:
  void nextSlice();

  base::Executor& loop_;
  std::function<void()> onMore_;
  int failed_ = 0;  // in this slice of time
  bool inSlice_ = false;
  bool refused_ = false;
};

}  // namespace patchbay::engine
