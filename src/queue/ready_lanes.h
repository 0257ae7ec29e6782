// Ready messages in memory, chosen fairly: flows take turns, within a flow its components take turns, within a component (a *lane*)
// messages start in the order queued. Starts and stops have lanes of their own.
//
// A lane holds the messages nearest to their turn. Of those behind them it knows the ids only, so that a lane that does not move takes no
// memory from the others; refill() brings them in as it moves.
// Threads: the engine loop only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "queue/message.h"

namespace patchbay::queue {

// May this message, the head of its lane, be taken now? If not, the gate names what the lane waits for; unblock() of that name puts it
// back in turn.
using Gate = std::function<bool(const Message& head, std::string& waitsFor)>;

class ReadyLanes {
 public:
  // `laneMessages`: so many of a lane's are in memory.
  ReadyLanes(std::size_t maxInFlight, std::size_t laneMessages);
  ~ReadyLanes();

  // What is pushed now may be claimed at once: nothing is in its way but the gate.
  bool isFree(const std::string& flowId, const std::string& componentId) const;
  // To the end of what its lane has in memory.
  void push(MessagePtr message);
  // The same of one that is stored, if its lane has room and it `mayHold`; else the lane takes its id, and it answers false.
  bool add(const MessagePtr& message, bool mayHold);
  // It is stored: to the end of its lane, by its id.
  void pushId(const std::string& flowId, const std::string& componentId, MessageId id);
  // Rows by their ids, in this order; those that are not ready any more are left out. Nothing: they cannot be read now.
  using Load = std::function<std::optional<std::vector<MessagePtr>>(const std::vector<MessageId>&)>;
  // Brings in what lanes that ran low know by id. `crowded()`: memory is full: then a lane gets one message, and only if it has none.
  // False when they could not be read.
  bool refill(const std::function<bool()>& crowded, const Load& load);
  // Back at the head of its lane: it was taken and not started.
  void pushFront(MessagePtr message);
  // Next message in turn that `gate` takes; its lane counts it as in flight. Null when nothing may be taken now.
  MessagePtr claim(const Gate& gate);
  // The call of a claimed message is over, the commit of what came of it is not: it leaves its place to another one.
  void end(Message& message);
  // The claimed message is no longer in flight.
  void finish(Message& message);
  // Lanes that wait for `name` are in turn again.
  void unblock(const std::string& name);
  // Takes out all that wait of a flow, and gives their ids.
  std::vector<MessageId> takeFlow(std::string_view flowId);
  // Takes one waiting message out; null when it is not in memory here.
  MessagePtr take(const Message& message);

  std::size_t size() const { return size_; }  // waiting in memory
  std::size_t inFlight(std::string_view flowId) const;
  bool hasWork() const { return !turn_.empty(); }

 private:
  struct Lane;
  struct FlowLanes;
  Lane& lane(const std::string& flowId, const std::string& name);
  Lane& lane(const Message& message);
  Lane* find(const Message& message);  // null when it has none
  void wish(Lane& lane);    // to be refilled, if it runs low
  bool fill(Lane& lane, const std::function<bool()>& crowded, const Load& load);
  void enter(Lane& lane);   // takes its place in the turn, when it has work and room
  void discard(Lane& lane);  // frees an empty, idle lane
  void discardFlow(FlowLanes& flow);
  MessagePtr claimFrom(FlowLanes& flow, const Gate& gate);

  std::size_t maxInFlight_;
  std::size_t laneMessages_;
  std::size_t size_ = 0;
  std::unordered_map<std::string, std::unique_ptr<FlowLanes>> flows_;
  std::deque<FlowLanes*> turn_;  // flows with a lane in turn
  std::unordered_map<std::string, std::vector<Lane*>> blocked_;
  std::deque<Lane*> low_;  // lanes that wish to be refilled
};

}  // namespace patchbay::queue
