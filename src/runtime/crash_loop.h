// Decides when a pool whose processes keep crashing must rest (quarantine), and for how long.
//
// kMostCrashes crashes within kWindow without a good call between them: it rests for `rest`, and
// twice as long each time a trial after that crashes too, kLongestRest at most. One good call
// forgets all.
// Threads: not thread-safe. Time: steady, given by the caller.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/clock.h"

namespace patchbay::runtime {

class CrashLoop {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostCrashes = 5;
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr std::chrono::minutes kLongestRest{15};

  explicit CrashLoop(base::Millis rest) : firstRest_(rest), nextRest_(rest) {}

  void crashed(Moment now, std::string reason);
  void good();
  // How long it still rests.
  std::optional<base::Millis> resting(Moment now) const;
  const std::string& lastReason() const { return lastReason_; }

 private:
  base::Millis firstRest_;
  base::Millis nextRest_;
  std::deque<Moment> crashes_;
  std::optional<Moment> until_;
  std::string lastReason_;
};

}  // namespace patchbay::runtime
