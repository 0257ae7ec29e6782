#include "lossy_disk.h"

#include <gtest/gtest.h>

#include "lossy_vfs.h"
#include "simulated_clock.h"
#include "store/sqlite/connection.h"

namespace patchbay::simulate {
namespace {

std::string contentOf(LossyDisk& disk, const std::string& path) {
  const auto file = disk.open(path, false);
  if (file == nullptr) {
    return "(none)";
  }
  std::string content(file->size(), '\0');
  bool complete = false;
  EXPECT_EQ(file->read(0, content.data(), content.size(), complete), DiskAnswer::kOk);
  return content;
}

TEST(LossyDiskTest, WhatWasSyncedSurvivesAndWhatWasNotMayBeLost) {
  bool lost = false;
  bool kept = false;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    LossyDisk disk{SeededRandom(seed)};
    const auto file = disk.open("a", true);
    EXPECT_EQ(file->write(0, "synced"), DiskAnswer::kOk);
    EXPECT_EQ(file->sync(), DiskAnswer::kOk);
    EXPECT_EQ(file->write(0, "SYNCED"), DiskAnswer::kOk);
    EXPECT_EQ(contentOf(disk, "a"), "SYNCED");
    disk.crash();
    const std::string left = contentOf(disk, "a");
    EXPECT_EQ(left.size(), 6u);
    lost = lost || left == "synced";
    kept = kept || left == "SYNCED";
    EXPECT_EQ(file->sync(), DiskAnswer::kFailed) << "a file of before the power failure";
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(kept);
}

TEST(LossyDiskTest, AFileThatWasNeverSyncedMayVanish) {
  bool vanished = false;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    LossyDisk disk{SeededRandom(seed)};
    EXPECT_EQ(disk.open("a", true)->write(0, "x"), DiskAnswer::kOk);
    disk.crash();
    vanished = vanished || !disk.has("a");
  }
  EXPECT_TRUE(vanished);
}

TEST(LossyDiskTest, AFullDiskTakesNoMoreButWhatIsThereMayChange) {
  LossyDisk disk{SeededRandom(1)};
  const auto file = disk.open("a", true);
  EXPECT_EQ(file->write(0, "abc"), DiskAnswer::kOk);
  Weather weather;
  weather.full = true;
  disk.setWeather(weather);
  EXPECT_EQ(file->write(3, "d"), DiskAnswer::kFull);
  EXPECT_EQ(file->write(0, "xyz"), DiskAnswer::kOk);
  EXPECT_EQ(contentOf(disk, "a"), "xyz");
}

TEST(LossyDiskTest, AnOldFileDoesNotComeBackOnceANewOneOfItsNameIsSynced) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    LossyDisk disk{SeededRandom(seed)};
    disk.open("a", true)->write(0, "old");
    disk.open("a", true)->sync();
    disk.remove("a", false);
    disk.open("a", true)->write(0, "new");
    disk.open("a", true)->sync();
    disk.remove("a", false);
    disk.crash();
    EXPECT_TRUE(!disk.has("a") || contentOf(disk, "a") == "new");
  }
}

TEST(LossyDiskTest, NothingWorksWithoutPower) {
  LossyDisk disk{SeededRandom(1)};
  const auto file = disk.open("a", true);
  disk.failPower();
  EXPECT_EQ(file->write(0, "x"), DiskAnswer::kFailed);
  EXPECT_EQ(file->sync(), DiskAnswer::kFailed);
  disk.crash();
  EXPECT_EQ(disk.open("a", true)->write(0, "x"), DiskAnswer::kOk);
}

// SQLite over it, as the store sets it up: what was committed is there after any power failure,
// what was not is gone as a whole.
TEST(LossyDiskTest, SqliteKeepsItsPromisesOverIt) {
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    SimulatedClock clock;
    LossyDisk disk{SeededRandom(seed)};
    LossyVfs vfs(disk, clock, SeededRandom(seed));
    {
      store::sqlite::Connection writer("db", LossyVfs::kName, store::sqlite::Mode::kWriter);
      writer.setUpWriter();
      writer.execute("CREATE TABLE numbers(number INTEGER)");
      writer.execute("INSERT INTO numbers VALUES(1)");
      Weather weather;
      weather.powerFails = 3;
      disk.setWeather(weather);
      try {
        writer.execute(
            "BEGIN; INSERT INTO numbers VALUES(2); INSERT INTO numbers VALUES(3); COMMIT");
      } catch (const store::StoreError&) {
        // The power failed before it was committed, or just after.
      }
      disk.failPower();
    }
    disk.setWeather({});
    disk.crash();
    store::sqlite::Connection writer("db", LossyVfs::kName, store::sqlite::Mode::kWriter);
    writer.setUpWriter();
    const std::int64_t count = writer.integer("SELECT count(*) FROM numbers");
    EXPECT_TRUE(count == 1 || count == 3) << "seed " << seed << ": " << count;
  }
}

}  // namespace
}  // namespace patchbay::simulate
