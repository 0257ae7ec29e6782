// Times counted in fixed steps: whole milliseconds up to 3, then four steps to each doubling, so
// that a time read back is at most a quarter too long. Steps of any hours and components add up.
// Frozen: logs.db holds them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace patchbay::insights {

inline constexpr std::size_t kTimeSteps = 128;  // the last is 58 days and more

constexpr std::size_t timeStep(std::int64_t millis) {
  if (millis < 4) {
    return static_cast<std::size_t>(std::max<std::int64_t>(millis, 0));
  }
  const auto time = static_cast<std::uint64_t>(millis);
  const auto octave = static_cast<std::size_t>(std::bit_width(time)) - 1;
  return std::min(kTimeSteps - 1, 4 * (octave - 1) + ((time >> (octave - 2)) & 3));
}

// The longest time of a step, in ms.
constexpr std::int64_t longestOf(std::size_t step) {
  if (step < 4) {
    return static_cast<std::int64_t>(step);
  }
  const std::size_t shift = step / 4 - 1;
  return static_cast<std::int64_t>((((step % 4) + 5) << shift) - 1);
}

}  // namespace patchbay::insights
