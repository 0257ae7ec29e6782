// Parked messages that have outlived MESSAGE_TTL become unprocessed messages (R6). Looks once an
// hour, and at the start.
//
// A parked message of a flow that is started before its turn comes stays a message. Threads: the
// engine loop.
#pragma once

#include <vector>

#include "engine/dead_letters.h"
#include "engine/message_lifetime.h"
#include "engine/parts.h"

namespace patchbay::engine {

class ParkedExpiry {
 public:
  ParkedExpiry(Parts& parts, const MessageLifetime& lifetime, const DeadLetters& deadLetters)
      : parts_(parts), lifetime_(lifetime), deadLetters_(deadLetters) {}

  void begin() { run(); }
  // MESSAGE_TTL may have changed: looks at once.
  void lookAgain();
  void stop();

 private:
  void run();
  void bury(const std::vector<queue::MessagePtr>& messages);
  void arm();

  Parts& parts_;
  const MessageLifetime& lifetime_;
  const DeadLetters& deadLetters_;
  base::TimerId timer_ = 0;
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace patchbay::engine
