#include "queue/ready_memory.h"

#include <algorithm>

#include "base/log.h"
#include "queue/stored_messages.h"

namespace patchbay::queue {

namespace {
constexpr base::Millis kReadRetry{1000};
constexpr std::size_t kScanBatch = 5'000;
}  // namespace

bool ReadyMemory::isCrowded() const { return lanes_.size() >= room_.messages || heldBytes_ >= room_.bytes; }

void ReadyMemory::push(MessagePtr message) {
  if (scanning_ && message->id > scannedUpTo_) {
    return;  // the scan finds it, behind those before it
  }
  const auto [known, isNew] = known_.emplace(message->id, nullptr);
  if (isNew && lanes_.add(message, !isCrowded())) {
    heldBytes_ += message->bytes();
    known->second = std::move(message);
  }
}

void ReadyMemory::push(const std::vector<store::MessageRecord>& rows) {
  for (const store::MessageRecord& row : rows) {
    if (known_.emplace(row.id, nullptr).second) {
      lanes_.pushId(row.flowId, row.componentId, row.id);
    }
  }
  refill();
}

void ReadyMemory::scanFrom(MessageId id) {
  scannedUpTo_ = scanning_ ? std::min(scannedUpTo_, id - 1) : id - 1;
  scanning_ = true;
}

void ReadyMemory::scan() {
  std::vector<store::MessageRecord> rows;
  const base::Status status = store_.read([&](store::Transaction& tx) {
    rows = tx.messages().readyAfter(scannedUpTo_, kScanBatch);
  });
  if (!status) {
    spdlog::error("ready messages could not be read, trying again: {}", status.error().message);
    refillIn(kReadRetry);
    return;
  }
  if (rows.empty()) {
    scanning_ = false;
    return;
  }
  scannedUpTo_ = rows.back().id;
  for (const store::MessageRecord& row : rows) {
    if (known_.emplace(row.id, nullptr).second) {
      lanes_.pushId(row.flowId, row.componentId, row.id);
    }
  }
  refillIn(base::Millis(0));
}

std::optional<std::vector<MessagePtr>> ReadyMemory::load(const std::vector<MessageId>& ids) {
  std::vector<MessagePtr> messages;
  const base::Status status = store_.read([&](store::Transaction& tx) {
    std::vector<store::MessageRecord> rows;
    for (const MessageId id : ids) {
      auto row = tx.messages().byId(id);
      if (row && row->state == store::MessageState::kReady) {
        rows.push_back(std::move(*row));
      }
    }
    messages = loadMessages(tx, rows);
  });
  if (!status) {
    spdlog::error("ready messages could not be read, trying again: {}", status.error().message);
    return std::nullopt;
  }
  for (const MessageId id : ids) {
    known_.erase(id);
  }
  for (const MessagePtr& message : messages) {
    known_.emplace(message->id, message);
    heldBytes_ += message->bytes();
  }
  return messages;
}

void ReadyMemory::forget(MessageId id) {
  const auto found = known_.find(id);
  if (found == known_.end()) {
    return;
  }
  if (found->second != nullptr) {
    heldBytes_ -= std::min(heldBytes_, found->second->bytes());
  }
  known_.erase(found);
}

MessagePtr ReadyMemory::find(MessageId id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : found->second;
}

void ReadyMemory::refillIn(base::Millis delay) {
  loop_.after(delay, [this] { refill(); });
}

void ReadyMemory::refill() {
  if (scanning_) {
    scan();
  }
  if (!lanes_.refill([this] { return isCrowded(); }, [this](const std::vector<MessageId>& ids) { return load(ids); })) {
    refillIn(kReadRetry);
  }
  if (lanes_.hasWork()) {
    onReady_();
  }
}

}  // namespace patchbay::queue
