// When a failed message is tried again, and when it has been tried enough (R7, R8).
//
// Pure; threads: safe from any thread. Units: ms.
#pragma once

#include <cstdint>
#include <optional>

#include "access/system_configuration.h"
#include "engine/outcome.h"
#include "flows/descriptor.h"

namespace patchbay::engine {

struct RetryRules {
  std::int64_t firstDelay = 10'000;    // RETRY_INIT_EXP
  double factor = 2;                   // RETRY_FACTOR
  std::int64_t maxDelay = 1'800'000;   // RETRY_MAX_EXP: 30 min
  int maxTries = 30;                   // RETRY_MAX_COUNT: with the delays above about 11 h
  std::int64_t period = 86'400'000;    // RETRY_PERIOD: 24 h after arrival nothing is tried again
  static constexpr double kJitter = 0.2;  // each delay is drawn from ±20 %
  static constexpr int kMaxLosses = 3;    // deadlines and lost workers of one message alone

  static RetryRules read(const access::SystemConfiguration& configuration);
};

enum class Verdict : std::uint8_t {
  kRetry,      // again at `delay` from now
  kExhausted,  // what the component's errorHandling says
  kDropped,    // cancelled: neither retried nor kept
};

struct Decision {
  Verdict verdict = Verdict::kRetry;
  std::int64_t delay = 0;     // ms
  bool spendAttempt = true;
  bool loss = false;          // counts towards kMaxLosses
  bool alone = false;         // next time in a process of its own
};

// `attempts`, `losses`: spent before this one. `age`: ms since the message arrived. `draw`: uniform in [0, 1).
Decision decide(const RetryRules& rules, const flows::ErrorHandling& handling, const Outcome& outcome, int attempts,
                int losses, std::int64_t age, double draw);

}  // namespace patchbay::engine
