// Messages between their rows and memory.
//
// Threads: readers block on the store (short reads); insert runs inside a unit of work. Source of the columns: store/messages.h.
#pragma once

#include <vector>

#include "queue/message.h"
#include "store/store.h"

namespace patchbay::queue {

// What a unit of work adds to the queue: messages of one trace, and the payloads they are the first to name.
struct Emission {
  std::vector<MessagePtr> messages;
  std::vector<PayloadPtr> payloads;
};

void insertEmission(store::Transaction& tx, const Emission& emission);

// With their payloads, each read once and shared by the messages that name it.
std::vector<MessagePtr> loadMessages(store::Transaction& tx, const std::vector<store::MessageRecord>& records);

// The server's salt of message names, made once.
base::Result<std::uint64_t> readNameSalt(store::Store& store);

}  // namespace patchbay::queue
