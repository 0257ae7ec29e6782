// Messages that were put back to `scheduled` because their quota had no room, by component
// instance, in the order queued.
//
// They keep their turn: a later message of the same instance waits behind them, and each comes back
// at about the time at which those before it have been called. In memory: 16 bytes a message; read
// anew from the table at start.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "queue/message.h"

namespace patchbay::engine {

struct WaitingMessage {
  queue::MessageId id = 0;
  std::int64_t due = 0;  // ms
};

class WaitingLine {
 public:
  // How many messages stand before this one, in the line or not.
  std::size_t before(queue::MessageId id) const;
  // Null when it does not stand in the line.
  const WaitingMessage* find(queue::MessageId id) const;
  // At its place; one that is in the line already gets the new time.
  void put(queue::MessageId id, std::int64_t due);
  void remove(queue::MessageId id);
  // Who was due later is due at `due`; the ids of all are appended.
  void hasten(std::int64_t due, std::vector<queue::MessageId>& ids);
  const WaitingMessage& front() const { return messages_.front(); }
  const WaitingMessage& back() const { return messages_.back(); }
  std::size_t size() const { return messages_.size(); }
  bool empty() const { return messages_.empty(); }

  std::int64_t lookedAt = 0;  // when its front was last looked for in the table, ms

 private:
  std::deque<WaitingMessage> messages_;  // by id
};

class WaitingLines {
 public:
  WaitingLine* find(const std::string& flowId, const std::string& componentId);
  void put(const std::string& flowId, const std::string& componentId, queue::MessageId id,
           std::int64_t due);
  void remove(const std::string& flowId, const std::string& componentId, queue::MessageId id);
  // Who was due later is due at `due`; the ids of all.
  std::vector<queue::MessageId> hasten(std::int64_t due);
  void forgetFlow(const std::string& flowId) { flows_.erase(flowId); }

 private:
  std::unordered_map<std::string, std::unordered_map<std::string, WaitingLine>> flows_;
};

}  // namespace patchbay::engine
