// Wall time of a simulation: stands still until it is told to go on.
//
// Threads: one.
#pragma once

#include "base/clock.h"

namespace patchbay::simulate {

class SimulatedClock final : public base::Clock {
 public:
  base::Time now() const override { return now_; }
  void advanceTo(base::Time time) { now_ = std::max(now_, time); }

 private:
  base::Time now_ = std::chrono::sys_days(std::chrono::year_month_day(
      std::chrono::year(2026), std::chrono::January, std::chrono::day(1)));
};

}  // namespace patchbay::simulate
