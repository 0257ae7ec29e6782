#include "engine/quota/windows.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace patchbay::engine {

namespace {

constexpr std::int64_t kStart = 1'772'000'000'000;

void call(QuotaWindow& window, std::int64_t at, std::int64_t limit) {
  window.grant();
  window.begun(at, limit);
}

TEST(QuotaWindow, SlidingGivesAPlaceBackAWindowAfterTheCallBegan) {
  QuotaWindow window(Throttling::kSliding, 1000);
  for (const std::int64_t at : {0, 100, 200}) {
    EXPECT_EQ(window.timeOf(1, 3, kStart + at), kStart + at);
    call(window, kStart + at, 3);
  }
  EXPECT_EQ(window.timeOf(1, 3, kStart + 300), kStart + 1001);
  EXPECT_EQ(window.timeOf(2, 3, kStart + 300), kStart + 1101);
  EXPECT_EQ(window.timeOf(4, 3, kStart + 300), kStart + 2001);  // behind three others
  EXPECT_EQ(window.timeOf(1, 3, kStart + 1001), kStart + 1001);
  EXPECT_EQ(window.used(kStart + 1201), 0);
}

TEST(QuotaWindow, AGrantedCallKeepsItsPlaceUntilItHasBegun) {
  QuotaWindow window(Throttling::kSliding, 1000);
  window.grant();
  EXPECT_EQ(window.timeOf(1, 1, kStart + 5000), kStart + 6001);  // as if it began now
  window.begun(kStart + 5500, 1);
  EXPECT_EQ(window.timeOf(1, 1, kStart + 5500), kStart + 6501);
  window.grant();
  window.giveBack();
  EXPECT_EQ(window.timeOf(1, 1, kStart + 6501), kStart + 6501);
}

TEST(QuotaWindow, NeverMoreThanTheLimitInAnySlidingWindow) {
  std::mt19937 random(7);
  for (const std::int64_t limit : {1, 3, 256, 300, 2000}) {
    QuotaWindow window(Throttling::kSliding, 10'000);
    std::vector<std::int64_t> begun;
    std::vector<std::int64_t> granted;
    std::int64_t now = kStart;
    for (int step = 0; step < 20'000; ++step) {
      now += random() % 8;
      if (*window.timeOf(1, limit, now) <= now) {
        window.grant();
        granted.push_back(now);
      }
      if (!granted.empty() && random() % 2 == 0) {  // some time later it really runs
        granted.erase(granted.begin());
        window.begun(now, limit);
        begun.push_back(now);
      }
    }
    for (std::size_t i = static_cast<std::size_t>(limit); i < begun.size(); ++i) {
      ASSERT_GE(begun[i] - begun[i - static_cast<std::size_t>(limit)], 10'000) << "limit " << limit;
    }
    ASSERT_GT(begun.size(), static_cast<std::size_t>(limit)) << "the limit is used";
    EXPECT_LT(window.write().size(), 12'000U) << "memory is bounded whatever the limit";
  }
}

TEST(QuotaWindow, FixedHasNoRoomUntilItsNextWindowIsKnown) {
  QuotaWindow window(Throttling::kFixed, 0);
  EXPECT_TRUE(window.wantsNextWindow(kStart));
  EXPECT_EQ(window.timeOf(1, 2, kStart), std::nullopt);
  window.setNextWindow(kStart + 500, kStart);
  EXPECT_FALSE(window.wantsNextWindow(kStart));
  call(window, kStart + 1, 2);
  window.grant();
  EXPECT_EQ(window.timeOf(1, 2, kStart + 2), kStart + 500);
  EXPECT_TRUE(window.wantsNextWindow(kStart + 500));
  window.begun(kStart + 510, 2);  // it began in a window that nobody knows yet: it counts there
  window.setNextWindow(kStart + 900, kStart + 510);
  EXPECT_EQ(window.timeOf(1, 2, kStart + 510), kStart + 510);
  EXPECT_EQ(window.timeOf(2, 2, kStart + 510), kStart + 900);
}

TEST(QuotaWindow, ConcurrencyHasRoomWhenACallEnds) {
  QuotaWindow window(Throttling::kConcurrency, 0);
  window.grant();
  EXPECT_EQ(window.timeOf(1, 2, kStart), kStart);
  window.grant();
  EXPECT_EQ(window.timeOf(1, 2, kStart), std::nullopt);
  window.giveBack();
  EXPECT_EQ(window.timeOf(1, 2, kStart), kStart);
}

TEST(QuotaWindow, WhatIsReadAfterACrashHoldsAtLeastWhatWasUsed) {
  QuotaWindow before(Throttling::kSliding, 60'000);
  call(before, kStart, 3);
  before.grant();  // may have begun, or not
  QuotaWindow after(Throttling::kSliding, 60'000);
  after.read(before.write(), kStart + 20'000);
  EXPECT_EQ(after.used(kStart + 20'000), 2);
  EXPECT_EQ(after.timeOf(2, 3, kStart + 20'000), kStart + 60'001);
  EXPECT_EQ(after.timeOf(3, 3, kStart + 20'000), kStart + 80'001);  // from the restart on
  QuotaWindow fixedBefore(Throttling::kFixed, 0);
  fixedBefore.setNextWindow(kStart + 500, kStart);
  call(fixedBefore, kStart, 1);
  QuotaWindow fixedAfter(Throttling::kFixed, 0);
  fixedAfter.read(fixedBefore.write(), kStart + 100);
  EXPECT_EQ(fixedAfter.timeOf(1, 1, kStart + 100), kStart + 500);
}

TEST(QuotaWindow, AClockSetBackBlocksNoLongerThanAWindow) {
  QuotaWindow window(Throttling::kSliding, 1000);
  call(window, kStart, 1);
  const std::int64_t earlier = kStart - 3'600'000;
  EXPECT_EQ(window.timeOf(1, 1, earlier), earlier + 1000);
}

}  // namespace

}  // namespace patchbay::engine
