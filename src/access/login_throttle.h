// Slows down who guesses passwords: counts failed sign-ins per name and address and refuses after too many.
//
// Threads: safe from any thread. Memory is bounded: the oldest counts go first.
// 10 failures for a name from one address, or 50 from one address, within 5 minutes close that door until the window has passed.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace patchbay::access {

class LoginThrottle {
 public:
  explicit LoginThrottle(const base::Clock& clock);
  // kTooMany with data {"retryAfter": seconds}: do not even look at the password.
  base::Status check(std::string_view login, std::string_view address);
  void failed(std::string_view login, std::string_view address);
  void succeeded(std::string_view login, std::string_view address);

 private:
  struct Count {
    int failures = 0;
    base::Time since;
  };
  base::Status checkOne(const std::string& key, int allowed);  // under mutex_
  void countOne(const std::string& key);                       // under mutex_
  void sweep();                                                // under mutex_

  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace patchbay::access
