// The calls that count against one quota rule for one scope.
//
// A call occupies a place from the moment it is granted. When the worker says that the call has
// begun, its place gets the time at which it is free again: `window` after the beginning (sliding),
// or the start of the next window (fixed). Nobody can see a call earlier than its grant or place it
// later than that word, so two calls that use one place one after the other are at least `window`
// apart, however slowly either of them came to its worker.
// Memory: calls are kept one by one up to a limit of 256; above, those that end within window/256
// of each other are one entry and are free together with the last of them.
// Not thread-safe. Times: wall clock, ms.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "engine/quota/rules.h"

namespace patchbay::engine {

class QuotaWindow {
 public:
  QuotaWindow(Throttling throttling, std::int64_t window)
      : throttling_(throttling), window_(window) {}

  // When the `nth` further call (1 = the next) has a place, if all before it are made as early as
  // they may be. Nothing: that cannot be told; a place becomes free with the end of a call, or the
  // next window is not known.
  std::optional<std::int64_t> timeOf(std::int64_t nth, std::int64_t limit, std::int64_t now);
  void grant() { ++granted_; }
  // A granted call has begun, or has ended without a word that it did.
  void begun(std::int64_t now, std::int64_t limit);
  // A granted call was not made.
  void giveBack() { --granted_; }

  // kFixed: the start of the next window is not known.
  bool wantsNextWindow(std::int64_t now) const {
    return throttling_ == Throttling::kFixed && nextWindow_ <= now;
  }
  void setNextWindow(std::int64_t start, std::int64_t now);

  std::int64_t used(std::int64_t now);  // places that are taken
  bool idle(std::int64_t now) { return used(now) == 0; }

  // {"calls":[[free again at, number], …],"granted":n}. On disk: frozen.
  std::string write() const;
  // As after a crash at some time before `now`: calls that were granted may have begun at any
  // moment until now.
  void read(std::string_view json, std::int64_t now);

 private:
  struct Calls {
    std::int64_t until = 0;  // their places are free from then on
    std::int64_t number = 0;
  };
  void add(std::int64_t until, std::int64_t number);
  void forgetPast(std::int64_t now);

  Throttling throttling_;
  std::int64_t window_;
  std::deque<Calls> calls_;      // by `until`
  std::int64_t counted_ = 0;     // sum of calls_
  std::int64_t granted_ = 0;     // not begun yet; kConcurrency: running
  std::int64_t nextWindow_ = 0;  // kFixed; 0 = never known
  std::int64_t unplaced_ = 0;    // kFixed: begun while the next window was not known
  std::int64_t length_ = 0;      // kFixed: of a window, at least; what was seen
};

}  // namespace patchbay::engine
