// When a delivery that failed is sent again: WEBHOOK_RETRY_INTERVAL, growing by 1.5 up to
// WEBHOOK_RETRY_MAX, with a jitter of 20 % either way, WEBHOOK_RETRY_COUNT times (rest-api §18,
// §26).
// Threads: values.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "access/system_configuration.h"
#include "base/clock.h"

namespace patchbay::system_webhooks {

struct RetrySchedule {
  static constexpr double kFactor = 1.5;
  static constexpr double kJitter = 0.2;

  std::int64_t count = 20;  // retries after the first attempt
  base::Millis first{30'000};
  base::Millis most{1'800'000};

  static RetrySchedule read(const access::SystemConfiguration& configuration) {
    RetrySchedule schedule;
    schedule.count = std::clamp<std::int64_t>(
        configuration.number("WEBHOOK_RETRY_COUNT", schedule.count), 0, 1'000);
    schedule.first =
        std::clamp(configuration.millis("WEBHOOK_RETRY_INTERVAL", schedule.first.count()),
                   kShortest, kLongest);
    schedule.most = std::clamp(configuration.millis("WEBHOOK_RETRY_MAX", schedule.most.count()),
                               kShortest, kLongest);
    return schedule;
  }

  // After so many attempts that failed; `draw` in [0, 1). Nothing: given up.
  std::optional<base::Millis> next(std::int64_t attempts, double draw) const {
    if (attempts > count) {
      return std::nullopt;
    }
    const double grown =
        static_cast<double>(first.count()) *
        std::pow(kFactor, static_cast<double>(std::min<std::int64_t>(attempts - 1, 100)));
    const double capped = std::min(grown, static_cast<double>(most.count()));
    return base::Millis(std::llround(capped * (1.0 - kJitter + 2.0 * kJitter * draw)));
  }

 private:
  static constexpr base::Millis kShortest{1};
  static constexpr base::Millis kLongest{std::chrono::hours(24)};
};

}  // namespace patchbay::system_webhooks
