// Which ready messages are in memory, and which are in the table only until there is room.
//
// All that is claimed or may be claimed is held; what does not fit is read again, in the order of ids, when half of the room is free.
// Threads: the engine loop; refill() blocks on a short read. Ownership: store, loop and lanes must outlive this.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "base/executor.h"
#include "queue/message.h"
#include "queue/ready_lanes.h"
#include "store/messages.h"
#include "store/store.h"

namespace patchbay::queue {

class ReadyMemory {
 public:
  struct Room {
    std::size_t messages;
    std::size_t bytes;
  };

  // `onReady`: something that was read may be claimed.
  ReadyMemory(store::Store& store, base::Executor& loop, ReadyLanes& lanes, Room room, std::function<void()> onReady)
      : store_(store), loop_(loop), lanes_(lanes), room_(room), onReady_(std::move(onReady)) {}

  // A ready message whose row is committed: into memory, or left to refill().
  void push(MessagePtr message);
  // The same of rows that became ready.
  void push(const std::vector<store::MessageRecord>& rows);
  // Ready rows from this id on may be in the table only.
  void readAgainFrom(MessageId id);
  // As far as there is room.
  void refill();
  void forget(const Message& message);
  MessagePtr find(MessageId id) const;  // null: it is not in memory

 private:
  bool isCrowded() const;
  void hold(MessagePtr message);
  void refillLater();

  store::Store& store_;
  base::Executor& loop_;
  ReadyLanes& lanes_;
  const Room room_;
  const std::function<void()> onReady_;
  std::unordered_map<MessageId, MessagePtr> held_;
  std::size_t heldBytes_ = 0;
  bool overflow_ = false;  // ready rows with ids above loadedUpTo_ may be in the table only
  MessageId loadedUpTo_ = 0;
};

}  // namespace patchbay::queue
