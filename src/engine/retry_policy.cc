#include "engine/retry_policy.h"

#include <algorithm>
#include <cmath>

namespace patchbay::engine {

RetryRules RetryRules::read(const access::SystemConfiguration& configuration) {
  RetryRules rules;
  rules.firstDelay = std::max<std::int64_t>(1, configuration.number("RETRY_INIT_EXP", rules.firstDelay));
  rules.factor = std::clamp(configuration.real("RETRY_FACTOR", rules.factor), 1.0, 100.0);
  rules.maxDelay = std::max<std::int64_t>(1, configuration.number("RETRY_MAX_EXP", rules.maxDelay));
  rules.maxTries = static_cast<int>(std::clamp<std::int64_t>(configuration.number("RETRY_MAX_COUNT", rules.maxTries), 0, 10'000));
  rules.period = std::max<std::int64_t>(0, configuration.number("RETRY_PERIOD", rules.period));
  return rules;
}

namespace {

std::int64_t delayOf(const RetryRules& rules, int attempts, double draw) {
  const double grown = static_cast<double>(rules.firstDelay) * std::pow(rules.factor, std::min(attempts, 1000));
  const double capped = std::min(grown, static_cast<double>(rules.maxDelay));
  return std::max<std::int64_t>(1, std::llround(capped * (1 - RetryRules::kJitter + 2 * RetryRules::kJitter * draw)));
}

// 4xx other than those that pass by themselves (timeouts, throttling, expired sign-in).
bool isLastingClientError(const Outcome& outcome) {
  return outcome.status && *outcome.status >= 400 && *outcome.status < 500 && *outcome.status != 401 &&
         *outcome.status != 408 && *outcome.status != 429;
}

int triesOf(const RetryRules& rules, const flows::ErrorHandling& handling, const Outcome& outcome) {
  if (!handling.autoRetry && outcome.kind != OutcomeKind::kMissing) {
    return 0;
  }
  const int tries = handling.maxRetries.value_or(rules.maxTries);
  return isLastingClientError(outcome) ? tries / 3 : tries;
}

}  // namespace

Decision decide(const RetryRules& rules, const flows::ErrorHandling& handling, const Outcome& outcome, int attempts,
                int losses, std::int64_t age, double draw) {
  Decision decision;
  switch (outcome.kind) {
    case OutcomeKind::kCancelled:
      decision.verdict = Verdict::kDropped;
      return decision;
    case OutcomeKind::kInvalidInput:
    case OutcomeKind::kExpired:
      decision.verdict = Verdict::kExhausted;
      return decision;
    case OutcomeKind::kLostWithOthers:
      decision.spendAttempt = false;
      decision.alone = true;
      return decision;
    case OutcomeKind::kUnavailable:
      decision.spendAttempt = false;
      decision.delay = delayOf(rules, 0, draw);
      return decision;
    case OutcomeKind::kLostAlone:
      decision.loss = true;
      decision.alone = true;
      if (losses + 1 >= RetryRules::kMaxLosses) {
        decision.verdict = Verdict::kExhausted;
        return decision;
      }
      break;
    case OutcomeKind::kFailed:
    case OutcomeKind::kMissing:
      break;
  }
  if (attempts >= triesOf(rules, handling, outcome) || age >= rules.period) {
    decision.verdict = Verdict::kExhausted;
    return decision;
  }
  decision.delay = delayOf(rules, attempts, draw);
  return decision;
}

}  // namespace patchbay::engine
