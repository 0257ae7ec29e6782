#include "base/disk_reserve.h"

#include <gtest/gtest.h>

namespace patchbay::base {
namespace {

class HandClock : public Clock {
 public:
  Time now() const override { return at; }
  Time at{Millis(1'000'000)};
};

class HandDisk : public DiskReserve {
 public:
  explicit HandDisk(const Clock& clock) : DiskReserve("/", clock) {}
  std::uint64_t free = 0;
  mutable int asked = 0;

 protected:
  std::uint64_t ask() const override {
    ++asked;
    return free;
  }
};

TEST(DiskReserve, RefusesBelowTheReserveAndSaysHowMuchIsLeft) {
  HandClock clock;
  HandDisk disk(clock);
  disk.setReserve(100u << 20);
  disk.free = 100u << 20;
  EXPECT_TRUE(disk.admit("The call was not accepted"));
  clock.at += Millis(1'000);
  disk.free = 7u << 20;
  const Status refused = disk.admit("The call was not accepted");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kDiskFull);
  EXPECT_EQ(refused.error().message,
            "The disk has 7 MiB left, less than the reserve of 100 MiB (DISK_RESERVE_BYTES). The call was not accepted: make room, "
            "then try again.");
}

TEST(DiskReserve, AsksTheDiskOnceASecondAndAtOnceForANewReserve) {
  HandClock clock;
  HandDisk disk(clock);
  disk.free = DiskReserve::kDefaultBytes;
  EXPECT_FALSE(disk.spent());
  disk.free = 0;
  clock.at += Millis(999);
  EXPECT_FALSE(disk.spent());
  EXPECT_EQ(disk.asked, 1);
  clock.at += Millis(1);
  EXPECT_TRUE(disk.spent());
  disk.free = 10;
  disk.setReserve(10);
  EXPECT_FALSE(disk.spent());
  EXPECT_EQ(disk.asked, 3);
  disk.free = 0;
  clock.at -= Millis(60'000);  // the wall clock was set back
  EXPECT_TRUE(disk.spent());
}

TEST(DiskReserve, AFolderThatCannotBeAskedCountsAsRoomy) {
  SystemClock clock;
  DiskReserve disk("/no/such/folder", clock);
  EXPECT_FALSE(disk.spent());
  DiskReserve real("/", clock);
  EXPECT_GT(real.available(), 0u);
}

}  // namespace
}  // namespace patchbay::base
