#include "engine/context/locks.h"

#include <algorithm>

namespace patchbay::engine {

void Locks::grant(const std::string& name, Lock& lock, base::Millis life, const Told& told) {
  const std::uint64_t token = ++lastToken_;
  lock.token = token;
  lock.expiry = loop_.after(life, [this, name, token] { release(name, token); });
  told(token);
}

void Locks::acquire(const std::string& name, base::Millis life, base::Millis patience, Told told) {
  Lock& lock = locks_[name];
  if (lock.token == 0) {
    grant(name, lock, life, told);
    return;
  }
  if (patience.count() <= 0) {
    told(0);
    return;
  }
  const std::uint64_t number = ++lastToken_;
  const base::TimerId timer = loop_.after(patience, [this, name, number] { giveUp(name, number); });
  lock.waiting.push_back({life, timer, number, std::move(told)});
}

void Locks::giveUp(const std::string& name, std::uint64_t number) {
  const auto lock = locks_.find(name);
  if (lock == locks_.end()) {
    return;
  }
  auto& waiting = lock->second.waiting;
  const auto at = std::find_if(waiting.begin(), waiting.end(), [&](const Waiter& w) { return w.number == number; });
  if (at != waiting.end()) {
    const Told told = std::move(at->told);
    waiting.erase(at);
    told(0);
  }
}

bool Locks::extend(const std::string& name, std::uint64_t token, base::Millis life) {
  const auto lock = locks_.find(name);
  if (lock == locks_.end() || lock->second.token != token) {
    return false;
  }
  loop_.cancel(lock->second.expiry);
  lock->second.expiry = loop_.after(life, [this, name, token] { release(name, token); });
  return true;
}

void Locks::release(const std::string& name, std::uint64_t token) {
  const auto lock = locks_.find(name);
  if (lock == locks_.end() || lock->second.token != token) {
    return;
  }
  loop_.cancel(lock->second.expiry);
  lock->second.token = 0;
  next(name);
}

void Locks::next(const std::string& name) {
  const auto lock = locks_.find(name);
  if (lock->second.waiting.empty()) {
    locks_.erase(lock);
    return;
  }
  Waiter waiter = std::move(lock->second.waiting.front());
  lock->second.waiting.pop_front();
  loop_.cancel(waiter.timer);
  grant(name, lock->second, waiter.life, waiter.told);
}

}  // namespace patchbay::engine
