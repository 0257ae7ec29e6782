#include "queue/ready_lanes.h"

#include <algorithm>
#include <utility>

namespace patchbay::queue {

struct ReadyLanes::Lane {
  FlowLanes* flow = nullptr;
  std::string name;
  std::deque<MessagePtr> waiting;
  std::deque<MessageId> outside;  // behind them, in the table
  std::size_t inFlight = 0;
  std::size_t ended = 0;  // of those: their calls are over, their commits are not
  bool inTurn = false;
  bool blocked = false;
  bool isLow = false;

  // Calls that wait for their commit leave their places to others, as many as there are places.
  bool hasRoom(std::size_t places) const { return inFlight - std::min(ended, places) < places; }
};

struct ReadyLanes::FlowLanes {
  std::string flowId;
  std::unordered_map<std::string, std::unique_ptr<Lane>> lanes;
  std::deque<Lane*> turn;
  bool inTurn = false;
};

namespace {

constexpr std::size_t kAtOnce = 16;  // messages may be large: whether there is room is asked again after so many

// A start or stop has a lane of its own: in its component's it could come to stand behind messages that wait for its end.
const std::string& laneName(const Message& message, std::string& own) {
  if (message.wake != Wake::kStart && message.wake != Wake::kStop) {
    return message.componentId;
  }
  own = message.componentId + " (lifecycle)";
  return own;
}

}  // namespace

ReadyLanes::ReadyLanes(std::size_t maxInFlight, std::size_t laneMessages)
    : maxInFlight_(maxInFlight), laneMessages_(laneMessages) {}
ReadyLanes::~ReadyLanes() = default;

ReadyLanes::Lane& ReadyLanes::lane(const std::string& flowId, const std::string& name) {
  auto& flow = flows_[flowId];
  if (flow == nullptr) {
    flow = std::make_unique<FlowLanes>();
    flow->flowId = flowId;
  }
  auto& lane = flow->lanes[name];
  if (lane == nullptr) {
    lane = std::make_unique<Lane>();
    lane->flow = flow.get();
    lane->name = name;
  }
  return *lane;
}

ReadyLanes::Lane& ReadyLanes::lane(const Message& message) {
  std::string own;
  return lane(message.flowId, laneName(message, own));
}

void ReadyLanes::enter(Lane& lane) {
  if (lane.inTurn || lane.blocked || lane.waiting.empty() || !lane.hasRoom(maxInFlight_)) {
    return;
  }
  lane.inTurn = true;
  lane.flow->turn.push_back(&lane);
  if (!lane.flow->inTurn) {
    lane.flow->inTurn = true;
    turn_.push_back(lane.flow);
  }
}

bool ReadyLanes::isFree(const std::string& flowId, const std::string& componentId) const {
  const auto flow = flows_.find(flowId);
  if (flow == flows_.end()) {
    return true;
  }
  const auto found = flow->second->lanes.find(componentId);
  if (found == flow->second->lanes.end()) {
    return true;
  }
  const Lane& lane = *found->second;
  return !lane.blocked && lane.outside.empty() && lane.waiting.size() < laneMessages_ && lane.waiting.size() + lane.inFlight - std::min(lane.ended, maxInFlight_) < maxInFlight_;
}

void ReadyLanes::push(MessagePtr message) {
  Lane& target = lane(*message);
  target.waiting.push_back(std::move(message));
  ++size_;
  enter(target);
}

bool ReadyLanes::add(const MessagePtr& message, bool mayHold) {
  Lane& target = lane(*message);
  if (!mayHold || !target.outside.empty() || target.waiting.size() >= laneMessages_) {
    target.outside.push_back(message->id);
    wish(target);
    return false;
  }
  target.waiting.push_back(message);
  ++size_;
  enter(target);
  return true;
}

void ReadyLanes::pushId(const std::string& flowId, const std::string& componentId, MessageId id) {
  Lane& target = lane(flowId, componentId);
  target.outside.push_back(id);
  wish(target);
}

void ReadyLanes::wish(Lane& lane) {
  if (!lane.isLow && !lane.outside.empty() && lane.waiting.size() <= laneMessages_ / 2) {
    lane.isLow = true;
    low_.push_back(&lane);
  }
}

bool ReadyLanes::refill(const std::function<bool()>& crowded, const Load& load) {
  for (std::size_t looks = low_.size(); looks > 0; --looks) {
    Lane& lane = *low_.front();
    low_.pop_front();
    lane.isLow = false;
    const bool filled = fill(lane, crowded, load);
    wish(lane);
    FlowLanes& flow = *lane.flow;
    discard(lane);
    discardFlow(flow);
    if (!filled) {
      return false;
    }
  }
  return true;
}

bool ReadyLanes::fill(Lane& lane, const std::function<bool()>& crowded, const Load& load) {
  while (!lane.outside.empty()) {
    const std::size_t room = crowded() ? (lane.waiting.empty() ? 1 : 0) : laneMessages_ - std::min(laneMessages_, lane.waiting.size());
    const auto end = lane.outside.begin() + static_cast<std::ptrdiff_t>(std::min({room, kAtOnce, lane.outside.size()}));
    if (end == lane.outside.begin()) {
      break;
    }
    auto messages = load(std::vector<MessageId>(lane.outside.begin(), end));
    if (!messages) {
      enter(lane);
      return false;
    }
    lane.outside.erase(lane.outside.begin(), end);
    size_ += messages->size();
    lane.waiting.insert(lane.waiting.end(), std::make_move_iterator(messages->begin()), std::make_move_iterator(messages->end()));
  }
  enter(lane);
  return true;
}

void ReadyLanes::pushFront(MessagePtr message) {
  Lane& target = lane(*message);
  target.waiting.push_front(std::move(message));
  ++size_;
  enter(target);
}

MessagePtr ReadyLanes::claimFrom(FlowLanes& flow, const Gate& gate) {
  while (!flow.turn.empty()) {
    Lane& lane = *flow.turn.front();
    flow.turn.pop_front();
    lane.inTurn = false;
    if (lane.waiting.empty()) {
      discard(lane);
      continue;
    }
    std::string waitsFor;
    if (!gate(*lane.waiting.front(), waitsFor)) {
      lane.blocked = true;
      blocked_[waitsFor].push_back(&lane);
      continue;
    }
    MessagePtr message = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    --size_;
    ++lane.inFlight;
    wish(lane);
    if (!lane.waiting.empty() && lane.hasRoom(maxInFlight_)) {
      lane.inTurn = true;
      flow.turn.push_back(&lane);
    }
    return message;
  }
  return nullptr;
}

MessagePtr ReadyLanes::claim(const Gate& gate) {
  while (!turn_.empty()) {
    FlowLanes& flow = *turn_.front();
    turn_.pop_front();
    flow.inTurn = false;
    MessagePtr message = claimFrom(flow, gate);
    if (!flow.turn.empty()) {
      flow.inTurn = true;
      turn_.push_back(&flow);
    } else {
      discardFlow(flow);
    }
    if (message != nullptr) {
      return message;
    }
  }
  return nullptr;
}

ReadyLanes::Lane* ReadyLanes::find(const Message& message) {
  const auto flow = flows_.find(message.flowId);
  if (flow == flows_.end()) {
    return nullptr;
  }
  std::string own;
  const auto found = flow->second->lanes.find(laneName(message, own));
  return found == flow->second->lanes.end() ? nullptr : found->second.get();
}

void ReadyLanes::end(Message& message) {
  Lane* lane = find(message);
  if (lane != nullptr && !std::exchange(message.isEnded, true)) {
    ++lane->ended;
    enter(*lane);
  }
}

void ReadyLanes::finish(Message& message) {
  Lane* lane = find(message);
  if (lane == nullptr) {
    return;
  }
  lane->inFlight -= std::min<std::size_t>(lane->inFlight, 1);
  if (std::exchange(message.isEnded, false)) {
    --lane->ended;
  }
  enter(*lane);
  FlowLanes& flow = *lane->flow;
  discard(*lane);
  discardFlow(flow);
}

void ReadyLanes::discard(Lane& lane) {
  if (lane.waiting.empty() && lane.outside.empty() && lane.inFlight == 0 && !lane.inTurn && !lane.blocked && !lane.isLow) {
    lane.flow->lanes.erase(std::string(lane.name));
  }
}

void ReadyLanes::discardFlow(FlowLanes& flow) {
  if (flow.lanes.empty() && !flow.inTurn) {
    flows_.erase(std::string(flow.flowId));
  }
}

void ReadyLanes::unblock(const std::string& name) {
  const auto found = blocked_.find(name);
  if (found == blocked_.end()) {
    return;
  }
  const std::vector<Lane*> lanes = std::move(found->second);
  blocked_.erase(found);
  for (Lane* lane : lanes) {
    FlowLanes& flow = *lane->flow;
    lane->blocked = false;
    enter(*lane);
    discard(*lane);
    discardFlow(flow);
  }
}

std::vector<MessageId> ReadyLanes::takeFlow(std::string_view flowId) {
  std::vector<MessageId> taken;
  const auto flow = flows_.find(std::string(flowId));
  if (flow == flows_.end()) {
    return taken;
  }
  for (auto& [component, lane] : flow->second->lanes) {
    for (const MessagePtr& message : lane->waiting) {
      taken.push_back(message->id);
    }
    taken.insert(taken.end(), lane->outside.begin(), lane->outside.end());
    size_ -= lane->waiting.size();
    lane->waiting.clear();
    lane->outside.clear();
  }
  return taken;
}

MessagePtr ReadyLanes::take(const Message& message) {
  Lane* lane = find(message);
  if (lane == nullptr) {
    return nullptr;
  }
  auto& waiting = lane->waiting;
  const auto at = std::find_if(waiting.begin(), waiting.end(),
                               [&](const MessagePtr& other) { return other.get() == &message; });
  if (at == waiting.end()) {
    return nullptr;
  }
  MessagePtr taken = std::move(*at);
  waiting.erase(at);
  --size_;
  wish(*lane);
  return taken;
}

std::size_t ReadyLanes::inFlight(std::string_view flowId) const {
  const auto flow = flows_.find(std::string(flowId));
  std::size_t sum = 0;
  if (flow != flows_.end()) {
    for (const auto& [component, lane] : flow->second->lanes) {
      sum += lane->inFlight;
    }
  }
  return sum;
}

}  // namespace patchbay::queue
