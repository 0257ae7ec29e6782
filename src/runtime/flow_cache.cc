#include "runtime/flow_cache.h"

namespace patchbay::runtime {

FlowCache::Use FlowCache::use(const std::string& key) {
  if (!byUse_.empty() && byUse_.front() == key) {
    return {};
  }
  if (const auto found = places_.find(key); found != places_.end()) {
    byUse_.splice(byUse_.begin(), byUse_, found->second);
    return {};
  }
  Use use{true, std::nullopt};
  if (byUse_.size() == kMostFlows) {
    places_.erase(byUse_.back());
    use.evicted = std::move(byUse_.back());
    byUse_.pop_back();
  }
  byUse_.push_front(key);
  places_.emplace(byUse_.front(), byUse_.begin());
  return use;
}

}  // namespace patchbay::runtime
