// What lockAcquire and lockExtend ask for (protocol/README.md §3), bounded; for components and for plugins.
//
// Pure. A life is 24 h at most, a wait 1 h.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "base/clock.h"

namespace patchbay::engine {

struct LockWish {
  base::Millis life{0};
  base::Millis patience{0};  // retryDelay × maxRetryCount
  std::int64_t tries = 0;
};

LockWish lockWish(const boost::json::object& arguments);
base::Millis extendedLife(const boost::json::object& arguments);
std::uint64_t lockToken(const boost::json::object& arguments);
// The `err` of a lock that was not free.
std::string lockRefused(const std::string& name, std::int64_t tries);

}  // namespace patchbay::engine
