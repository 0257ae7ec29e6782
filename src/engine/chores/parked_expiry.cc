#include "engine/chores/parked_expiry.h"

#include "base/log.h"
#include "store/messages.h"

namespace patchbay::engine {

namespace {
constexpr base::Millis kPeriod{60 * 60 * 1000};
constexpr std::size_t kAtOnce = 500;
}  // namespace

void ParkedExpiry::stop() {
  stopped_ = true;
  parts_.loop.cancel(timer_);
}

void ParkedExpiry::lookAgain() {
  if (!running_ && !stopped_) {
    parts_.loop.cancel(timer_);
    run();
  }
}

void ParkedExpiry::arm() {
  running_ = false;
  if (!stopped_) {
    timer_ = parts_.loop.after(kPeriod, [this] { run(); });
  }
}

void ParkedExpiry::run() {
  running_ = true;
  std::vector<queue::MessagePtr> messages;
  const std::int64_t before = lifetime_.oldestArrival(base::toMillis(parts_.clock.now()));
  const base::Status read = parts_.store.read([&](store::Transaction& tx) {
    messages = queue::loadMessages(tx, tx.messages().parkedBefore(before, kAtOnce));
  });
  if (!read) {
    spdlog::error("old parked messages could not be read, trying again later: {}",
                  read.error().message);
  }
  if (messages.empty()) {
    arm();
  } else {
    bury(messages);
  }
}

void ParkedExpiry::bury(const std::vector<queue::MessagePtr>& messages) {
  std::vector<queue::ParkedLetter> letters;
  for (const queue::MessagePtr& message : messages) {
    letters.push_back({message, deadLetters_.makeParked(*message, lifetime_.outcome())});
  }
  parts_.queue.buryParked(std::move(letters),
                          [this](const base::Status&) { stopped_ ? arm() : run(); });
}

}  // namespace patchbay::engine
