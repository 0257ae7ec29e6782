#include "queue/traces.h"

#include <algorithm>

namespace patchbay::queue {

void Traces::enter(MessageId trace, std::string_view flowId) {
  Trace& entry = traces_[trace];
  if (entry.flow == nullptr) {
    entry.flow = &*flows_.try_emplace(std::string(flowId)).first;
  }
  ++entry.live;
  ++entry.flow->second;
  ++live_;
}

void Traces::take(Trace& trace, std::int64_t count) {
  trace.live -= count;
  live_ -= count;
  trace.flow->second -= count;
  if (trace.flow->second == 0) {
    flows_.erase(std::string(trace.flow->first));
  }
}

std::int64_t Traces::liveOf(const std::string& flowId) const {
  const auto found = flows_.find(flowId);
  return found == flows_.end() ? 0 : found->second;
}

std::string Traces::largestFlow() const {
  const auto largest = std::max_element(flows_.begin(), flows_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return largest == flows_.end() ? std::string() : largest->first;
}

void Traces::addPayload(MessageId trace, PayloadId payload) {
  const auto found = traces_.find(trace);
  if (payload == 0 || found == traces_.end()) {
    return;
  }
  auto& payloads = found->second.payloads;
  if (payloads.empty() || payloads.back() != payload) {
    payloads.push_back(payload);
  }
}

bool Traces::leave(MessageId trace, std::vector<PayloadId>& ended) {
  const auto found = traces_.find(trace);
  if (found == traces_.end()) {
    return false;
  }
  take(found->second, 1);
  if (found->second.live > 0) {
    return false;
  }
  ended.insert(ended.end(), found->second.payloads.begin(), found->second.payloads.end());
  traces_.erase(found);
  return true;
}

std::string Traces::flowOf(MessageId trace) const {
  const auto found = traces_.find(trace);
  return found == traces_.end() ? std::string() : found->second.flow->first;
}

void Traces::undo(MessageId trace) {
  std::vector<PayloadId> notStored;
  leave(trace, notStored);
}

std::vector<MessageId> Traces::eraseFlow(std::string_view flowId, std::vector<PayloadId>& ended) {
  std::vector<MessageId> gone;
  for (auto it = traces_.begin(); it != traces_.end();) {
    if (it->second.flow->first != flowId) {
      ++it;
      continue;
    }
    ended.insert(ended.end(), it->second.payloads.begin(), it->second.payloads.end());
    take(it->second, it->second.live);
    gone.push_back(it->first);
    it = traces_.erase(it);
  }
  return gone;
}

}  // namespace patchbay::queue
