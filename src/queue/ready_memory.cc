#include "queue/ready_memory.h"

#include <algorithm>

#include "base/log.h"
#include "queue/stored_messages.h"

namespace patchbay::queue {

namespace {
constexpr base::Millis kReadRetry{1000};
constexpr std::size_t kRefillBatch = 5'000;
}  // namespace

bool ReadyMemory::isCrowded() const { return lanes_.size() >= room_.messages || heldBytes_ >= room_.bytes; }

void ReadyMemory::push(MessagePtr message) {
  if (overflow_ && message->id > loadedUpTo_) {
    return;
  }
  if (isCrowded()) {
    readAgainFrom(message->id);
    return;
  }
  hold(std::move(message));
}

void ReadyMemory::push(const std::vector<store::MessageRecord>& rows) {
  if (rows.empty()) {
    return;
  }
  std::vector<MessagePtr> messages = loadMessages(store_, rows);
  for (MessagePtr& message : messages) {
    push(std::move(message));
  }
  if (messages.empty()) {  // refill() tries again
    readAgainFrom(std::min_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; })->id);
  }
}

void ReadyMemory::hold(MessagePtr message) {
  if (held_.emplace(message->id, message).second) {
    heldBytes_ += message->bytes();
    lanes_.push(std::move(message));
  }
}

// Those in memory already are known by held_.
void ReadyMemory::readAgainFrom(MessageId id) {
  loadedUpTo_ = overflow_ ? std::min(loadedUpTo_, id - 1) : id - 1;
  overflow_ = true;
}

void ReadyMemory::forget(const Message& message) {
  const auto found = held_.find(message.id);
  if (found != held_.end()) {
    heldBytes_ -= std::min(heldBytes_, found->second->bytes());
    held_.erase(found);
  }
}

MessagePtr ReadyMemory::find(MessageId id) const {
  const auto found = held_.find(id);
  return found == held_.end() ? nullptr : found->second;
}

void ReadyMemory::refillLater() {
  loop_.after(kReadRetry, [this] { refill(); });
}

void ReadyMemory::refill() {
  if (!overflow_ || lanes_.size() > room_.messages / 2 || heldBytes_ > room_.bytes / 2) {
    return;
  }
  std::vector<store::MessageRecord> rows;
  const base::Status status = store_.read([&](store::Transaction& tx) {
    rows = tx.messages().readyAfter(loadedUpTo_, std::min(kRefillBatch, room_.messages));
  });
  if (!status) {
    spdlog::error("ready messages could not be read, trying again: {}", status.error().message);
    refillLater();
    return;
  }
  if (rows.empty()) {
    overflow_ = false;
    return;
  }
  std::vector<MessagePtr> messages = loadMessages(store_, rows);
  if (messages.empty()) {
    refillLater();
    return;
  }
  loadedUpTo_ = rows.back().id;
  for (MessagePtr& message : messages) {
    hold(std::move(message));
  }
  onReady_();
}

}  // namespace patchbay::queue
