// Ready messages in memory, chosen fairly: flows take turns, within a flow its components take turns, within a component (a *lane*)
// messages start in the order queued. Starts and stops have lanes of their own.
//
// Threads: the engine loop only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
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
  explicit ReadyLanes(std::size_t maxInFlight);
  ~ReadyLanes();

  void push(MessagePtr message);
  // Back at the head of its lane: it was taken and not started.
  void pushFront(MessagePtr message);
  // Next message in turn that `gate` takes; its lane counts it as in flight. Null when nothing may be taken now.
  MessagePtr claim(const Gate& gate);
  // The claimed message is no longer in flight.
  void finish(const Message& message);
  // Lanes that wait for `name` are in turn again.
  void unblock(const std::string& name);
  // Takes out all waiting messages of a flow.
  std::vector<MessagePtr> takeFlow(std::string_view flowId);
  // Takes one waiting message out; null when it is not waiting here.
  MessagePtr take(const Message& message);

  std::size_t size() const { return size_; }
  std::size_t inFlight(std::string_view flowId) const;
  bool hasWork() const { return !turn_.empty(); }

 private:
  struct Lane;
  struct FlowLanes;
  Lane& lane(const Message& message);
  void enter(Lane& lane);   // takes its place in the turn, when it has work and room
  void discard(Lane& lane);  // frees an empty, idle lane
  void discardFlow(FlowLanes& flow);
  MessagePtr claimFrom(FlowLanes& flow, const Gate& gate);

  std::size_t maxInFlight_;
  std::size_t size_ = 0;
  std::unordered_map<std::string, std::unique_ptr<FlowLanes>> flows_;
  std::deque<FlowLanes*> turn_;  // flows with a lane in turn
  std::unordered_map<std::string, std::vector<Lane*>> blocked_;
};

}  // namespace patchbay::queue
