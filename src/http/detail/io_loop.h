// One I/O thread: its event loop, the connections it owns, their deadlines, and the answers that
// come from other threads.
//
// Threads: post, deliver, connections and served from any thread; the rest on the loop's thread.
// Ownership: connections and pending answers hold the loop. After end() nothing is delivered any
// more.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "http/route.h"

namespace patchbay::http {

class Session;

class IoLoop : public std::enable_shared_from_this<IoLoop> {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  IoLoop();
  ~IoLoop();
  void start();
  // Closes all connections, ends the thread. From another thread.
  void end();

  boost::asio::io_context& context() { return context_; }
  bool onThread() const;
  // To the second; spares a clock call per request.
  Instant now() const { return now_; }
  std::string_view date() const { return date_; }

  void enter(std::shared_ptr<Session> session);
  void leave(const std::shared_ptr<Session>& session);
  // Closes connections with no request at work.
  void closeIdle();
  std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

  // Runs `work` in a turn of its own; after end() not any more. From any thread.
  void post(std::function<void()> work);
  void deliver(std::shared_ptr<Session> session, std::uint64_t number, Response response);
  void countRequest() { served_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t served() const { return served_.load(std::memory_order_relaxed); }

 private:
  struct Delivery {
    std::shared_ptr<Session> session;
    std::uint64_t number;
    Response response;
  };
  void tick();
  void readClock();
  void handOut();
  template <typename Act>
  void eachSession(Act act);

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer ticker_;
  std::thread thread_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;  // until they close
  Instant now_;
  std::string date_;
  bool ending_ = false;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::uint64_t> served_{0};

  std::mutex mutex_;
  std::vector<Delivery> deliveries_;  // under mutex_
  bool ended_ = false;                // under mutex_
};

}  // namespace patchbay::http
