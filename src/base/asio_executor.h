// The executor of the running server: one thread over a boost::asio::io_context. Sockets and pipes
// of the loop use context().
//
// Threads: run and runUntil on the thread that is to be the loop, one at a time; post, after and stop from any thread; the
// rest on the loop.
// Ownership: outlives everything that posts to it. Work left at destruction is dropped without running.
// Delivery: posted work runs in groups; sockets and timers have their turn between groups, runUntil looks between them.
// Errors: an exception out of posted work is a bug and leaves run().
#pragma once

#include <memory>

#include "base/executor.h"

namespace boost::asio {
class io_context;
}

namespace patchbay::base {

class AsioExecutor : public Executor {
 public:
  AsioExecutor();
  ~AsioExecutor() override;
  AsioExecutor(const AsioExecutor&) = delete;
  AsioExecutor& operator=(const AsioExecutor&) = delete;

  // Runs the loop on this thread until stop().
  void run();
  void stop();
  // Runs the loop on this thread until `done` says so (true) or `patience` is over (false). For
  // tests and for draining.
  bool runUntil(const std::function<bool()>& done, Millis patience);

  boost::asio::io_context& context();

  void post(Work work) override;
  TimerId after(Millis delay, Work work) override;
  void cancel(TimerId timer) override;
  bool onThread() const override;

 private:
  class Timers;
  class Inbox;
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace patchbay::base
