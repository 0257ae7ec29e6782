#include "engine/message_lifetime.h"

#include <algorithm>

namespace patchbay::engine {

namespace {
constexpr std::int64_t kDefault = std::int64_t{30} * 24 * 60 * 60 * 1000;
}  // namespace

std::int64_t MessageLifetime::millis() const {
  return std::max<std::int64_t>(0, configuration_.number(kKey, kDefault));
}

std::int64_t MessageLifetime::oldestArrival(std::int64_t now) const {
  const std::int64_t lifetime = millis();
  return lifetime == 0 ? INT64_MIN : now - lifetime;
}

bool MessageLifetime::isOver(const queue::Message& message, std::int64_t now) const {
  return message.id != 0 && message.wake != queue::Wake::kTimeout &&
         message.arrivedAt < oldestArrival(now);
}

Outcome MessageLifetime::outcome() const {
  return Outcome::make(OutcomeKind::kExpired, "MessageExpiredError",
                       "The message waited longer than MESSAGE_TTL (" + std::to_string(millis()) +
                           " ms) and was not delivered. Retry it if it still matters.",
                       "MESSAGE_EXPIRED");
}

}  // namespace patchbay::engine
