#include "queue/traces.h"

namespace patchbay::queue {

void Traces::enter(MessageId trace, std::string_view flowId) {
  Trace& entry = traces_[trace];
  if (entry.live == 0 && entry.flowId.empty()) {
    entry.flowId = flowId;
  }
  ++entry.live;
  ++live_;
}

void Traces::addPayload(MessageId trace, PayloadId payload) {
  if (payload == 0) {
    return;
  }
  auto& payloads = traces_[trace].payloads;
  if (payloads.empty() || payloads.back() != payload) {
    payloads.push_back(payload);
  }
}

bool Traces::leave(MessageId trace, std::vector<PayloadId>& ended) {
  const auto found = traces_.find(trace);
  if (found == traces_.end()) {
    return false;
  }
  --live_;
  if (--found->second.live > 0) {
    return false;
  }
  ended.insert(ended.end(), found->second.payloads.begin(), found->second.payloads.end());
  traces_.erase(found);
  return true;
}

std::string Traces::flowOf(MessageId trace) const {
  const auto found = traces_.find(trace);
  return found == traces_.end() ? std::string() : found->second.flowId;
}

void Traces::undo(MessageId trace) {
  std::vector<PayloadId> notStored;
  leave(trace, notStored);
}

std::vector<MessageId> Traces::eraseFlow(std::string_view flowId, std::vector<PayloadId>& ended) {
  std::vector<MessageId> gone;
  for (auto it = traces_.begin(); it != traces_.end();) {
    if (it->second.flowId != flowId) {
      ++it;
      continue;
    }
    ended.insert(ended.end(), it->second.payloads.begin(), it->second.payloads.end());
    live_ -= it->second.live;
    gone.push_back(it->first);
    it = traces_.erase(it);
  }
  return gone;
}

}  // namespace patchbay::queue
