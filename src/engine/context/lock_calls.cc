#include "engine/context/lock_calls.h"

#include "base/json.h"
#include "engine/context/lock_wish.h"

namespace patchbay::engine {

namespace {

std::string nameOf(const json::object& arguments, const Answer& answer) {
  return answer.attempt().component().service + ":" + json::getString(arguments, "name");
}

void acquire(Locks& locks, const json::object& arguments, const Answer& answer) {
  const std::string name = nameOf(arguments, answer);
  const LockWish wish = lockWish(arguments);
  locks.acquire(name, wish.life, wish.patience, [&locks, answer, name, tries = wish.tries](std::uint64_t token) {
    if (token == 0) {
      answer.failAs(lockRefused(name, tries));
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
    if (locks.extend(name, lockToken(arguments), extendedLife(arguments))) {
      answer.ok();
    } else {
      answer.fail(base::fail(base::Code::kConflict, "Lock " + name + " is no longer held by this call."));
    }
  });
  calls.add(std::string(kLockRelease), [&locks](const json::object& arguments, Answer answer) {
    const std::uint64_t token = lockToken(arguments);
    locks.release(nameOf(arguments, answer), token);
    std::erase_if(answer.attempt().locks, [token](const HeldLock& held) { return held.token == token; });
    answer.ok();
  });
}

}  // namespace patchbay::engine
