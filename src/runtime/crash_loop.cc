#include "runtime/crash_loop.h"

#include <algorithm>

namespace patchbay::runtime {

void CrashLoop::crashed(Moment now, std::string reason) {
  lastReason_ = std::move(reason);
  crashes_.push_back(now);
  while (now - crashes_.front() > kWindow) {
    crashes_.pop_front();
  }
  const bool isTrial = until_.has_value() && now >= *until_;
  if (crashes_.size() >= kMostCrashes || isTrial) {
    until_ = now + nextRest_;
    nextRest_ = std::min<base::Millis>(nextRest_ * 2, kLongestRest);
    crashes_.clear();
  }
}

void CrashLoop::good() {
  if (!crashes_.empty() || until_) {
    crashes_.clear();
    until_.reset();
    nextRest_ = firstRest_;
  }
}

std::optional<base::Millis> CrashLoop::resting(Moment now) const {
  if (!until_ || now >= *until_) {
    return std::nullopt;
  }
  return std::chrono::ceil<base::Millis>(*until_ - now);
}

}  // namespace patchbay::runtime
