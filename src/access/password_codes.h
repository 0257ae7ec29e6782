// One-time codes of forgotten passwords (rest-api §3.6): valid for an hour, in memory only, the newest of a user alone.
//
// Threads: safe from any thread. A restart of the server voids them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"

namespace patchbay::access {

class PasswordCodes {
 public:
  PasswordCodes(base::Random& random, const base::Clock& clock) : random_(random), clock_(clock) {}
  std::string make(const std::string& userId);
  // The user's id, once.
  std::optional<std::string> redeem(const std::string& code);

 private:
  struct Entry {
    std::string userId;
    base::Time until;
  };
  base::Random& random_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Entry> codes_;
};

}  // namespace patchbay::access
