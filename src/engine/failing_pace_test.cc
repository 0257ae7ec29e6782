#include "engine/failing_pace.h"

#include <gtest/gtest.h>

#include "base/asio_executor.h"

namespace patchbay::engine {
namespace {

int failAll(FailingPace& pace) {
  int failed = 0;
  while (pace.mayFail()) {
    ++failed;
  }
  return failed;
}

// S78
TEST(FailingPace, LetsAFewFailAndSaysWhenMoreMay) {
  base::AsioExecutor loop;
  int told = 0;
  FailingPace pace(loop, [&] { ++told; });
  const int first = failAll(pace);
  EXPECT_GT(first, 0);
  EXPECT_LT(first, 100);
  ASSERT_TRUE(loop.runUntil([&] { return told == 1; }, base::Millis(10'000)));
  EXPECT_EQ(failAll(pace), first);
  ASSERT_TRUE(loop.runUntil([&] { return told == 2; }, base::Millis(10'000)));
}

TEST(FailingPace, TellsNobodyWhoWasNotKeptWaiting) {
  base::AsioExecutor loop;
  int told = 0;
  FailingPace pace(loop, [&] { ++told; });
  EXPECT_TRUE(pace.mayFail());
  bool later = false;
  loop.after(base::Millis(50), [&] { later = true; });
  ASSERT_TRUE(loop.runUntil([&] { return later; }, base::Millis(10'000)));
  EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace patchbay::engine
