// The retry numbers of a simulated server: small, so that a world runs dry soon. Written into its
// configuration.
#pragma once

#include <cstdint>

namespace patchbay::simulate {

inline constexpr int kMaxTries = 3;   // RETRY_MAX_COUNT
inline constexpr int kMaxLosses = 3;  // of the engine's retry policy
inline constexpr std::int64_t kFirstDelayMs = 400;
inline constexpr std::int64_t kDeadlineMs = 20'000;     // of a call
inline constexpr std::int64_t kReplyTimeoutMs = 5'000;  // of a webhook's caller
inline constexpr std::int64_t kTickPeriodMs = 3'000;
// The number a component sees: attempts and losses before it, and this one.
inline constexpr std::int64_t kMostAttemptNumber = kMaxTries + (kMaxLosses - 1) + 1;

}  // namespace patchbay::simulate
