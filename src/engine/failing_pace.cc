#include "engine/failing_pace.h"

namespace patchbay::engine {

namespace {
// 200 a second, in slices short enough for nobody to notice one.
constexpr base::Millis kSlice{20};
constexpr int kASlice = 4;
}  // namespace

bool FailingPace::mayFail() {
  if (failed_ == kASlice) {
    refused_ = true;
    return false;
  }
  ++failed_;
  if (!inSlice_) {
    inSlice_ = true;
    loop_.after(kSlice, [this] { nextSlice(); });
  }
  return true;
}

void FailingPace::nextSlice() {
  inSlice_ = false;
  failed_ = 0;
  if (refused_) {
    refused_ = false;
    onMore_();
  }
}

}  // namespace patchbay::engine
