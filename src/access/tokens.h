// The token a client carries: a JWT (HS256) as the clients in use decode it (rest-api §1.2).
//
// Claims: id, sub, username, scope, iat, exp; ASCII without '>', '?', '~' (others as \uXXXX), because some clients decode it with atob.
// Written by hand rather than by a JWT library: those unescape what they are given.
// Threads: safe from any thread. verify costs a few microseconds (a lookup for a token seen before) and never blocks on the store.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::access {

// The official client compares this text.
inline constexpr std::string_view kBadSignature = "Invalid JWT: key or signature is invalid";
inline constexpr base::Millis kTokenLife{std::chrono::hours(24 * 30)};

class Tokens {
 public:
  Tokens(store::Store& store, SystemConfiguration& configuration, base::Random& random,
         const base::Clock& clock);

  // Reads the secret, or makes one on a new server. Before first use.
  base::Status load();

  struct Subject {
    std::string id;
    std::string username;
    std::vector<std::string> scope;
  };
  std::string issue(const Subject& subject, base::Millis life = kTokenLife) const;

  // The user's id. kUnauthorized with a reason.
  base::Result<std::string> verify(std::string_view token);

 private:
  using Key = std::array<std::uint8_t, 16>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Seen {
    std::string userId;
    std::int64_t expires = 0;  // s
  };

  void useSecret();
  std::string sign(std::string_view text) const;
  base::Result<Seen> decode(std::string_view token) const;

  store::Store& store_;
  SystemConfiguration& configuration_;
  base::Random& random_;
  const base::Clock& clock_;
  std::string generated_;
  mutable std::mutex mutex_;
  std::string secret_;                           // under mutex_
  std::uint64_t secretNumber_ = 0;               // under mutex_; grows with every change of the secret
  std::unordered_map<Key, Seen, KeyHash> seen_;  // under mutex_
};

}  // namespace patchbay::access
