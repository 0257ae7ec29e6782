#include "engine/context/lock_wish.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kMaxLife = std::int64_t{24} * 3600 * 1000;  // ms
constexpr std::int64_t kMaxPatience = std::int64_t{3600} * 1000;
constexpr std::int64_t kMaxTries = 100'000;
constexpr std::int64_t kLife = 20'000;

std::int64_t bounded(const json::object& arguments, std::string_view key, std::int64_t absent, std::int64_t most) {
  return std::clamp<std::int64_t>(json::getInt(arguments, key).value_or(absent), 0, most);
}

base::Millis life(const json::object& arguments, std::string_view key) {
  return base::Millis(std::max<std::int64_t>(1, bounded(arguments, key, kLife, kMaxLife)));
}

}  // namespace

LockWish lockWish(const json::object& arguments) {
  const std::int64_t tries = bounded(arguments, "maxRetryCount", 30, kMaxTries);
  const std::int64_t patience = std::min(bounded(arguments, "retryDelay", 200, kMaxPatience) * tries, kMaxPatience);
  return {life(arguments, "ttl"), base::Millis(patience), tries};
}

base::Millis extendedLife(const json::object& arguments) { return life(arguments, "ms"); }

std::uint64_t lockToken(const json::object& arguments) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::getInt(arguments, "token").value_or(0)));
}

std::string lockRefused(const std::string& name, std::int64_t tries) {
  return json::write(json::object{{"name", "LockError"},
                                  {"message", "Lock " + name + " is held by another call and was not released in time."},
                                  {"attempts", tries + 1}});
}

}  // namespace patchbay::engine
