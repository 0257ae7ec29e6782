// What happened, in order: a line an event, with its simulated time. Two runs of a seed have the
// same lines; their hash says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "simulated_clock.h"

namespace patchbay::simulate {

class Trace {
 public:
  Trace(const SimulatedClock& clock, bool prints) : clock_(clock), prints_(prints) {}
  void note(std::string_view event);
  std::uint64_t hash() const { return hash_; }

 private:
  const SimulatedClock& clock_;
  const bool prints_;
  std::uint64_t hash_ = 0;
};

}  // namespace patchbay::simulate
