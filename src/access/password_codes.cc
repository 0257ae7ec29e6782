#include "access/password_codes.h"

#include <array>

namespace patchbay::access {

namespace {
constexpr base::Millis kLife{std::chrono::hours(1)};
constexpr std::size_t kMaxCodes = 10000;
}  // namespace

std::string PasswordCodes::make(const std::string& userId) {
  std::array<std::uint8_t, 24> bytes{};
  random_.fill(bytes);
  std::string code = base::toHex(bytes);
  const base::Time now = clock_.now();
  const std::lock_guard lock(mutex_);
  std::erase_if(codes_, [&](const auto& entry) {
    return entry.second.userId == userId || entry.second.until <= now;
  });
  if (codes_.size() >= kMaxCodes) {
    codes_.erase(codes_.begin());
  }
  codes_[code] = {userId, now + kLife};
  return code;
}

std::optional<std::string> PasswordCodes::redeem(const std::string& code) {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(code);
  if (found == codes_.end()) {
    return std::nullopt;
  }
  const Entry entry = found->second;
  codes_.erase(found);
  return entry.until > clock_.now() ? std::optional(entry.userId) : std::nullopt;
}

}  // namespace patchbay::access
