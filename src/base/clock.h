// Time as the product sees it: wall time in UTC with milliseconds, behind a seam so that tests and `make simulate` own it.
//
// Threads: safe from any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::base {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Millis>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock : public Clock {
 public:
  Time now() const override;
};

// "2026-03-01T08:00:00.000Z", the form of every time on the wire.
std::string toIso(Time time);
// Accepts the form of toIso, with or without milliseconds; nothing else.
std::optional<Time> parseIso(std::string_view text);

inline std::int64_t toMillis(Time time) { return time.time_since_epoch().count(); }
inline Time fromMillis(std::int64_t millis) { return Time(Millis(millis)); }

}  // namespace patchbay::base
