#include "engine/context/lock_calls.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kMaxLife = std::int64_t{24} * 3600 * 1000;  // ms
constexpr std::int64_t kMaxPatience = std::int64_t{3600} * 1000;

std::string nameOf(const json::object& arguments, const Answer& answer) {
  return answer.attempt().component().service + ":" + json::getString(arguments, "name");
}

std::int64_t bounded(const json::object& arguments, std::string_view key, std::int64_t absent, std::int64_t most) {
  return std::clamp<std::int64_t>(json::getInt(arguments, key).value_or(absent), 0, most);
}

std::uint64_t tokenOf(const json::object& arguments) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::getInt(arguments, "token").value_or(0)));
}

void acquire(Locks& locks, const json::object& arguments, const Answer& answer) {
  const std::string name = nameOf(arguments, answer);
  const std::int64_t life = std::max<std::int64_t>(1, bounded(arguments, "ttl", 20'000, kMaxLife));
  const std::int64_t tries = bounded(arguments, "maxRetryCount", 30, 100'000);
  const std::int64_t patience = std::min(bounded(arguments, "retryDelay", 200, kMaxPatience) * tries, kMaxPatience);
  locks.acquire(name, base::Millis(life), base::Millis(patience), [&locks, answer, name, tries](std::uint64_t token) {
    if (token == 0) {
      json::object err{{"name", "LockError"},
                       {"message", "Lock " + name + " is held by another call and was not released in time."},
                       {"attempts", tries + 1}};
      answer.failAs(json::write(err));
    } else if (answer.attempt().fenced) {
      locks.release(name, token);
    } else {
      answer.attempt().locks.push_back({name, token});
      answer.ok("{\"token\":" + std::to_string(token) + "}");
    }
  });
}

}  // namespace

void addLockCalls(HostCalls& calls, Locks& locks) {
  calls.add("lockAcquire", [&locks](const json::object& arguments, Answer answer) { acquire(locks, arguments, answer); });
  calls.add("lockExtend", [&locks](const json::object& arguments, Answer answer) {
    const std::string name = nameOf(arguments, answer);
    const std::int64_t life = std::max<std::int64_t>(1, bounded(arguments, "ms", 20'000, kMaxLife));
    if (locks.extend(name, tokenOf(arguments), base::Millis(life))) {
      answer.ok();
    } else {
      answer.fail(base::fail(base::Code::kConflict, "Lock " + name + " is no longer held by this call."));
    }
  });
  calls.add(std::string(kLockRelease), [&locks](const json::object& arguments, Answer answer) {
    const std::uint64_t token = tokenOf(arguments);
    locks.release(nameOf(arguments, answer), token);
    std::erase_if(answer.attempt().locks, [token](const HeldLock& held) { return held.token == token; });
    answer.ok();
  });
}

}  // namespace patchbay::engine
