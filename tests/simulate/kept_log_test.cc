#include <gtest/gtest.h>

#include "base/log.h"
#include "lossy_disk.h"
#include "lossy_vfs.h"
#include "scheduler.h"
#include "simulated_server.h"
#include "store/settings.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::simulate {
namespace {

// A store on a disk that forgets.
class KeptLogTest : public testing::Test {
 protected:
  KeptLogTest() { spdlog::set_level(spdlog::level::off); }

  base::Result<std::unique_ptr<store::Store>> tryToOpen() {
    store::SqliteOptions options;
    options.folder = idle_.folder;
    options.vfs = LossyVfs::kName;
    options.commits = &commits_;
    return store::openSqlite(options);
  }

  std::unique_ptr<store::Store> open() {
    auto opened = tryToOpen();
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *std::move(opened) : nullptr;
  }

  static base::Status put(store::Store& store, const std::string& key, std::size_t bytes) {
    return store.write([&](store::Transaction& tx) {
      tx.settings().put("test", key, "\"" + std::string(bytes, 'x') + "\"");
      return base::Status();
    });
  }

  static bool has(store::Store& store, const std::string& key) {
    bool found = false;
    EXPECT_TRUE(store.read(
        [&](store::Transaction& tx) { found = tx.settings().get("test", key).has_value(); }));
    return found;
  }

  // The disk of one seed, and SQLite's way to it.
  struct Ground {
    Ground(std::uint64_t seed, const base::Clock& clock)
        : disk(SeededRandom(seed)), vfs(disk, clock, SeededRandom(seed + 1'000)) {}
    LossyDisk disk;
    LossyVfs vfs;
  };

  static constexpr int kKeys = 100;

  // All keys in one commit, each with so many bytes: pages split and move.
  static base::Status putAll(store::Store& store, std::size_t bytes) {
    return store.write([&](store::Transaction& tx) {
      for (int key = 0; key < kKeys; ++key) {
        tx.settings().put("test", std::to_string(key), "\"" + std::string(bytes, 'x') + "\"");
      }
      return base::Status();
    });
  }

  static std::size_t sizeOf(store::Store& store, int key) {
    std::string value;
    const base::Status status = store.read([&](store::Transaction& tx) {
      value = tx.settings().get("test", std::to_string(key)).value_or("");
    });
    EXPECT_TRUE(status) << status.error().message;
    return value.size() < 2 ? 0 : value.size() - 2;  // without its quotes
  }

  Idle idle_;
  SimulatedClock clock_;
  Scheduler scheduler_{clock_, SeededRandom(1)};
  SimulatedExecutor commits_{scheduler_};
};

// A commit whose sync failed is readable after a restart, and is not on the disk. A disk without
// room does not let the log be folded in.
TEST_F(KeptLogTest, CommitsDoNotStandOnALogThatIsReadableAndNotOnTheDisk) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    Ground ground(seed, clock_);
    LossyDisk& disk = ground.disk;
    auto store = open();
    ASSERT_TRUE(store != nullptr);
    ASSERT_TRUE(put(*store, "first", 10));
    disk.setWeather({.syncFails = 1});
    EXPECT_FALSE(put(*store, "unsynced", 200'000));
    store.reset();

    disk.setWeather({.full = true});
    store = open();
    ASSERT_TRUE(store != nullptr);
    disk.setWeather({});
    ASSERT_TRUE(put(*store, "second", 10));
    disk.failPower();
    store.reset();
    disk.crash();

    store = open();
    ASSERT_TRUE(store != nullptr);
    EXPECT_TRUE(has(*store, "first")) << "seed " << seed;
    EXPECT_TRUE(has(*store, "second")) << "seed " << seed;
    store.reset();
  }
}

// The power fails while the log is folded in: pages of a commit whose sync failed are in the
// database then, and the log must be there to complete them.
TEST_F(KeptLogTest, NoPageGetsIntoTheDatabaseBeforeTheLogHasIt) {
  for (std::uint64_t seed = 0; seed < 256; ++seed) {
    Ground ground(seed, clock_);
    LossyDisk& disk = ground.disk;
    auto store = open();
    ASSERT_TRUE(store != nullptr);
    ASSERT_TRUE(putAll(*store, 500));
    store.reset();
    store = open();
    ASSERT_TRUE(put(*store, "keeps the log", 10));
    disk.setWeather({.syncFails = 1});
    EXPECT_FALSE(putAll(*store, 900));
    store.reset();

    disk.setWeather({.powerFails = 60});
    (void)tryToOpen();
    disk.failPower();
    disk.crash();

    disk.setWeather({});
    store = open();
    ASSERT_TRUE(store != nullptr);
    const std::size_t size = sizeOf(*store, 0);
    EXPECT_TRUE(size == 500 || size == 900) << "seed " << seed;
    for (int key = 0; key < kKeys; ++key) {
      ASSERT_EQ(sizeOf(*store, key), size) << "seed " << seed << ", key " << key;
    }
    store.reset();
  }
}

}  // namespace
}  // namespace patchbay::simulate
