// Locks of component code, by service and name (component-runtime §8.4), in memory: one engine, and a lock's time to live is short.
//
// A lock that is taken is waited for in line, at most retryDelay × maxRetryCount; it is free again when released or when its time is over;
// also when the process of the call that took it is lost, since nobody is left to release it.
// Threads: the engine loop.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/executor.h"

namespace patchbay::engine {

class Locks {
 public:
  // token > 0: granted. 0: not granted within the time.
  using Told = std::function<void(std::uint64_t token)>;

  explicit Locks(base::Executor& loop) : loop_(loop) {}

  void acquire(const std::string& name, base::Millis life, base::Millis patience, Told told);
  // False when this token no longer holds the lock.
  bool extend(const std::string& name, std::uint64_t token, base::Millis life);
  void release(const std::string& name, std::uint64_t token);
  std::size_t size() const { return locks_.size(); }

 private:
  struct Waiter {
    base::Millis life;
    base::TimerId timer = 0;
    std::uint64_t number = 0;
    Told told;
  };
  struct Lock {
    std::uint64_t token = 0;
    base::TimerId expiry = 0;
    std::deque<Waiter> waiting;
  };
  void grant(const std::string& name, Lock& lock, base::Millis life, const Told& told);
  void next(const std::string& name);
  void giveUp(const std::string& name, std::uint64_t waiter);

  base::Executor& loop_;
  std::uint64_t lastToken_ = 0;
  std::unordered_map<std::string, Lock> locks_;
};

}  // namespace patchbay::engine
