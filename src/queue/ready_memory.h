// Which ready messages are in memory, and which are known by their ids only.
//
// Every ready message has its place in its lane. Those near their turn are in memory, within a room for all and one for each lane
// (ready_lanes); the others are read when their turn comes near, so that a flow that does not move keeps nobody else's messages out.
// Rows of which there is no word yet (at a start, or when many became ready at once) are found by a scan in the order of ids.
// Threads: the engine loop; what reads blocks for a short while. Ownership: store, loop and lanes must outlive this.
#pragma once

#include <functional>
#include <optional>
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

  // There is room in memory, and its component is free.
  bool mayTake(const Message& message) const { return !scanning_ && !isCrowded() && lanes_.isFree(message.flowId, message.componentId); }
  // A ready message whose row is committed, or one that is not stored and that mayTake() has said yes to.
  void push(MessagePtr message);
  // The same of rows that became ready.
  void push(const std::vector<store::MessageRecord>& rows);
  // There may be ready rows from this id on that were never pushed.
  void scanFrom(MessageId id);
  // Goes on with the scan, and brings in what lanes that ran low need.
  void refill();
  void forget(MessageId id);
  MessagePtr find(MessageId id) const;  // null: it is not in memory

 private:
  bool isCrowded() const;
  void scan();
  std::optional<std::vector<MessagePtr>> load(const std::vector<MessageId>& ids);
  void refillIn(base::Millis delay);

  store::Store& store_;
  base::Executor& loop_;
  ReadyLanes& lanes_;
  const Room room_;
  const std::function<void()> onReady_;
  std::unordered_map<MessageId, MessagePtr> known_;  // null: its id only
  std::size_t heldBytes_ = 0;
  bool scanning_ = false;  // ready rows with ids above scannedUpTo_ may be unknown
  MessageId scannedUpTo_ = 0;
};

}  // namespace patchbay::queue
