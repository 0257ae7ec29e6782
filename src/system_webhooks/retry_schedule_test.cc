#include "system_webhooks/retry_schedule.h"

#include "access/testing_access.h"

namespace patchbay::system_webhooks {
namespace {

constexpr double kNoJitter = 0.5;

TEST(RetrySchedule, GrowsByOneAndAHalfUpToItsCapAndEnds) {
  const RetrySchedule schedule;
  EXPECT_EQ(schedule.next(1, kNoJitter)->count(), 30'000);
  EXPECT_EQ(schedule.next(2, kNoJitter)->count(), 45'000);
  EXPECT_EQ(schedule.next(3, kNoJitter)->count(), 67'500);
  EXPECT_EQ(schedule.next(20, kNoJitter)->count(), 1'800'000);
  EXPECT_FALSE(schedule.next(21, kNoJitter));
}

TEST(RetrySchedule, JitterIsAFifthEitherWay) {
  const RetrySchedule schedule;
  EXPECT_EQ(schedule.next(1, 0.0)->count(), 24'000);
  EXPECT_LE(schedule.next(1, 0.9999)->count(), 36'000);
}

TEST(RetrySchedule, ReadsTheConfigurationWithinBounds) {
  access::TestStore store;
  access::SystemConfiguration configuration(*store.store);
  ASSERT_TRUE(configuration.load());
  ASSERT_TRUE(configuration.put("WEBHOOK_RETRY_COUNT", -3));
  ASSERT_TRUE(configuration.put("WEBHOOK_RETRY_INTERVAL", "100"));
  ASSERT_TRUE(configuration.put("WEBHOOK_RETRY_MAX", 0));
  const RetrySchedule schedule = RetrySchedule::read(configuration);
  EXPECT_EQ(schedule.count, 0);
  EXPECT_EQ(schedule.first.count(), 100);
  EXPECT_EQ(schedule.most.count(), 1);
  EXPECT_FALSE(schedule.next(1, kNoJitter));
}

}  // namespace
}  // namespace patchbay::system_webhooks
