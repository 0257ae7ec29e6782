// Calls added up in memory, by component and hour, until they are written.
//
// Threads: the log writer.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "insights/flow_log.h"
#include "insights/time_steps.h"

namespace patchbay::insights {

inline constexpr std::int64_t kHourMillis = 3'600'000;

enum class Measure : std::uint8_t { kMessage, kCall };  // frozen: logs.db holds them
inline constexpr std::size_t kMeasures = 2;

struct CallTotal {
  std::int64_t done = 0, failed = 0, bytes = 0;
  std::array<std::array<std::uint32_t, kTimeSteps>, kMeasures> times{};  // by Measure
};

class CallTotals {
 public:
  struct Key {
    LogOriginPtr origin;
    std::int64_t hour;  // its beginning, ms
    bool operator==(const Key&) const = default;
  };

  void add(const CallRecord& call) {
    CallTotal& total = totals_[{call.origin, call.time / kHourMillis * kHourMillis}];
    total.bytes += static_cast<std::int64_t>(call.bytes);
    ++(call.messageMillis ? total.done : total.failed);
    addTime(total, Measure::kMessage, call.messageMillis);
    addTime(total, Measure::kCall, call.callMillis);
  }
  bool empty() const { return totals_.empty(); }
  void clear() { totals_.clear(); }
  auto begin() const { return totals_.begin(); }
  auto end() const { return totals_.end(); }

 private:
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<LogOriginPtr>()(key.origin) ^ static_cast<std::size_t>(key.hour);
    }
  };
  static void addTime(CallTotal& total, Measure measure,
                      const std::optional<std::int64_t>& millis) {
    if (millis) {
      ++total.times[static_cast<std::size_t>(measure)][timeStep(*millis)];
    }
  }

  std::unordered_map<Key, CallTotal, Hash> totals_;
};

}  // namespace patchbay::insights
