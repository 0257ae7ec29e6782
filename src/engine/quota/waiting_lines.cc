#include "engine/quota/waiting_lines.h"

#include <algorithm>

namespace patchbay::engine {

namespace {

template <typename Messages>
auto place(Messages& messages, queue::MessageId id) {
  return std::lower_bound(
      messages.begin(), messages.end(), id,
      [](const WaitingMessage& message, queue::MessageId wanted) { return message.id < wanted; });
}

}  // namespace

std::size_t WaitingLine::before(queue::MessageId id) const {
  return static_cast<std::size_t>(place(messages_, id) - messages_.begin());
}

const WaitingMessage* WaitingLine::find(queue::MessageId id) const {
  const auto at = place(messages_, id);
  return at != messages_.end() && at->id == id ? &*at : nullptr;
}

void WaitingLine::put(queue::MessageId id, std::int64_t due) {
  const auto at = place(messages_, id);
  if (at != messages_.end() && at->id == id) {
    at->due = due;
  } else {
    messages_.insert(at, {id, due});
  }
}

void WaitingLine::remove(queue::MessageId id) {
  const auto at = place(messages_, id);
  if (at != messages_.end() && at->id == id) {
    messages_.erase(at);
  }
}

void WaitingLine::hasten(std::int64_t due, std::vector<queue::MessageId>& ids) {
  for (WaitingMessage& message : messages_) {
    message.due = std::min(message.due, due);
    ids.push_back(message.id);
  }
}

std::vector<queue::MessageId> WaitingLines::hasten(std::int64_t due) {
  std::vector<queue::MessageId> ids;
  for (auto& [flowId, components] : flows_) {
    for (auto& [componentId, line] : components) {
      line.hasten(due, ids);
    }
  }
  return ids;
}

WaitingLine* WaitingLines::find(const std::string& flowId, const std::string& componentId) {
  const auto flow = flows_.find(flowId);
  if (flow == flows_.end()) {
    return nullptr;
  }
  const auto line = flow->second.find(componentId);
  return line == flow->second.end() ? nullptr : &line->second;
}

void WaitingLines::put(const std::string& flowId, const std::string& componentId,
                       queue::MessageId id, std::int64_t due) {
  flows_[flowId][componentId].put(id, due);
}

void WaitingLines::remove(const std::string& flowId, const std::string& componentId,
                          queue::MessageId id) {
  WaitingLine* line = find(flowId, componentId);
  if (line == nullptr) {
    return;
  }
  line->remove(id);
  if (line->empty()) {
    auto& components = flows_[flowId];
    components.erase(componentId);
    if (components.empty()) {
      flows_.erase(flowId);
    }
  }
}

}  // namespace patchbay::engine
