// How long a message may wait to be delivered (R6): MESSAGE_TTL, 30 days unless set, 0 = for ever.
// What has waited longer becomes an unprocessed message, so that nobody is surprised by what was
// meant for last month.
//
// A message counts from its arrival, a timeout from the time it was set to. Threads: any. Units:
// milliseconds.
#pragma once

#include <cstdint>
#include <string_view>

#include "access/system_configuration.h"
#include "engine/outcome.h"
#include "queue/message.h"

namespace patchbay::engine {

class MessageLifetime {
 public:
  static constexpr std::string_view kKey = "MESSAGE_TTL";

  explicit MessageLifetime(const access::SystemConfiguration& configuration)
      : configuration_(configuration) {}

  bool isOver(const queue::Message& message, std::int64_t now) const;
  // What arrived before has outlived it; INT64_MIN: nothing ever has.
  std::int64_t oldestArrival(std::int64_t now) const;
  Outcome outcome() const;

 private:
  std::int64_t millis() const;

  const access::SystemConfiguration& configuration_;
};

}  // namespace patchbay::engine
