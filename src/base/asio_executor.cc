#include "base/asio_executor.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace patchbay::base {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

// All timers of the loop over one timer of the operating system.
class AsioExecutor::Timers {
 public:
  explicit Timers(asio::io_context& context) : alarm_(context) {}

  void add(TimerId id, Steady::time_point due, Work work) {
    const bool first = byTime_.empty() || due < byTime_.begin()->first.first;
    byTime_.emplace(std::pair(due, id), std::move(work));
    dueOf_.emplace(id, due);
    if (first) {
      arm();
    }
  }

  void cancel(TimerId id) {
    const auto found = dueOf_.find(id);
    if (found != dueOf_.end()) {
      byTime_.erase(std::pair(found->second, id));
      dueOf_.erase(found);  // the alarm may ring for nothing once
    }
  }

 private:
  void arm() {
    alarm_.expires_at(byTime_.begin()->first.first);
    alarm_.async_wait([this](const boost::system::error_code& error) {
      if (!error) {
        fire();
      }
    });
  }

  void fire() {
    const auto now = Steady::now();
    while (!byTime_.empty() && byTime_.begin()->first.first <= now) {
      auto node = byTime_.extract(byTime_.begin());
      dueOf_.erase(node.key().second);
      node.mapped()();
    }
    if (!byTime_.empty()) {
      arm();
    }
  }

  asio::steady_timer alarm_;
  std::map<std::pair<Steady::time_point, TimerId>, Work> byTime_;
  std::unordered_map<TimerId, Steady::time_point> dueOf_;
};

// Posted work, taken in groups: a hundred posts of a busy thread cost the loop one wake-up.
class AsioExecutor::Inbox {
 public:
  explicit Inbox(asio::io_context& context) : context_(context) {}

  void add(Work work) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = works_.empty();
      works_.push_back(std::move(work));
    }
    if (first) {
      asio::post(context_, [this] { takeGroup(); });
    }
  }

 private:
  // What is posted meanwhile is the next group, so that sockets have their turn between.
  void takeGroup() {
    {
      const std::lock_guard lock(mutex_);
      group_.swap(works_);
    }
    for (Work& work : group_) {
      std::exchange(work, nullptr)();
    }
    group_.clear();
  }

  asio::io_context& context_;
  std::mutex mutex_;
  std::vector<Work> works_;
  std::vector<Work> group_;  // the loop's
};

struct AsioExecutor::Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(context);
  Timers timers{context};
  Inbox inbox{context};
  std::atomic<TimerId> lastTimer{0};
  std::atomic<std::thread::id> thread{};
};

AsioExecutor::AsioExecutor() : loop_(std::make_unique<Loop>()) {}
AsioExecutor::~AsioExecutor() = default;

void AsioExecutor::run() {
  loop_->thread = std::this_thread::get_id();
  loop_->context.run();
  loop_->thread = std::thread::id();
}

void AsioExecutor::stop() {
  loop_->context.stop();
}

bool AsioExecutor::runUntil(const std::function<bool()>& done, Millis patience) {
  loop_->thread = std::this_thread::get_id();
  const auto end = Steady::now() + patience;
  bool isDone = done();
  while (!isDone && Steady::now() < end) {
    loop_->context.run_one_until(end);
    isDone = done();
  }
  loop_->thread = std::thread::id();
  return isDone;
}

asio::io_context& AsioExecutor::context() {
  return loop_->context;
}

void AsioExecutor::post(Work work) { loop_->inbox.add(std::move(work)); }

TimerId AsioExecutor::after(Millis delay, Work work) {
  const TimerId id = ++loop_->lastTimer;
  const auto due = Steady::now() + delay;
  if (onThread()) {
    loop_->timers.add(id, due, std::move(work));
  } else {
    post([this, id, due, work = std::move(work)]() mutable { loop_->timers.add(id, due, std::move(work)); });
  }
  return id;
}

void AsioExecutor::cancel(TimerId timer) {
  loop_->timers.cancel(timer);
}

bool AsioExecutor::onThread() const {
  return loop_->thread.load() == std::this_thread::get_id();
}

}  // namespace patchbay::base
