#include "base/asio_executor.h"

#include <gtest/gtest.h>

#include <thread>

namespace patchbay::base {
namespace {

constexpr Millis kPatience{5000};

TEST(AsioExecutor, RunsPostedWorkInOrderOnItsThread) {
  AsioExecutor executor;
  std::vector<int> order;
  std::thread other([&] {
    executor.post([&] { order.push_back(executor.onThread() ? 1 : -1); });
    executor.post([&] { order.push_back(2); });
  });
  other.join();
  EXPECT_FALSE(executor.onThread());
  EXPECT_TRUE(executor.runUntil([&] { return order.size() == 2; }, kPatience));
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(AsioExecutor, TimersFireInOrderOfTimeAndNotEarly) {
  AsioExecutor executor;
  std::vector<int> order;
  const auto start = std::chrono::steady_clock::now();
  executor.after(Millis(40), [&] { order.push_back(2); });
  executor.after(Millis(10), [&] { order.push_back(1); });
  EXPECT_TRUE(executor.runUntil([&] { return order.size() == 2; }, kPatience));
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_GE(std::chrono::steady_clock::now() - start, Millis(40));
}

TEST(AsioExecutor, CancelledTimerNeverFires) {
  AsioExecutor executor;
  bool wrong = false;
  bool done = false;
  executor.post([&] {
    const TimerId timer = executor.after(Millis(5), [&] { wrong = true; });
    executor.after(Millis(20), [&] { done = true; });
    executor.cancel(timer);
    executor.cancel(timer);
    executor.cancel(4711);
  });
  EXPECT_TRUE(executor.runUntil([&] { return done; }, kPatience));
  EXPECT_FALSE(wrong);
}

TEST(AsioExecutor, TimerMayCancelAndAddOthers) {
  AsioExecutor executor;
  bool wrong = false;
  bool done = false;
  executor.post([&] {
    const TimerId victim = executor.after(Millis(2), [&] { wrong = true; });
    executor.after(Millis(1), [&, victim] {
      executor.cancel(victim);
      executor.after(Millis(3), [&] { done = true; });
    });
  });
  EXPECT_TRUE(executor.runUntil([&] { return done; }, kPatience));
  EXPECT_FALSE(wrong);
}

TEST(AsioExecutor, StopsFromAnotherThread) {
  AsioExecutor executor;
  std::thread loop([&] { executor.run(); });
  executor.post([&] { executor.stop(); });
  loop.join();
}

TEST(AsioExecutor, RunUntilGivesUpWhenPatienceIsOver) {
  AsioExecutor executor;
  EXPECT_FALSE(executor.runUntil([] { return false; }, Millis(5)));
}

}  // namespace
}  // namespace patchbay::base
