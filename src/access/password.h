// Passwords: Argon2id text by libsodium, with its interactive limits (about 60 ms and 64 MiB each).
//
// Threads: safe from any thread; blocks. At most two run at once, so that a burst of sign-ins cannot take the machine's memory.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::access {

inline constexpr std::size_t kMinPasswordBytes = 5;
inline constexpr std::size_t kMaxPasswordBytes = 1024;

base::Status checkPassword(std::string_view password);  // its length; kInvalid
base::Result<std::string> hashPassword(std::string_view password);
// An empty hash takes as long as any other and never matches.
bool passwordMatches(std::string_view password, const std::string& hash);

}  // namespace patchbay::access
