#include "store/sqlite/sqlite_store.h"

#include <stdlib.h>

#include <fstream>

#include <gtest/gtest.h>

#include "store/settings.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"

namespace patchbay::store {

namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-sqlite-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    options_.folder = root_ / "data";
  }
  ~SqliteStoreTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  std::string path() const { return (options_.folder / options_.file).string(); }

  std::filesystem::path root_;
  SqliteOptions options_;
};

base::Status putSetting(Store& store, const std::string& json) {
  return store.write([&](Transaction& transaction) -> base::Status {
    transaction.settings().put("test", "a", json);
    return {};
  });
}

}  // namespace

TEST_F(SqliteStoreTest, ASecondOpenOfTheFolderIsRefusedAndNamesTheProcess) {
  auto first = openSqlite(options_);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  auto second = openSqlite(options_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::Code::kConflict);
  EXPECT_NE(second.error().message.find(std::to_string(getpid())), std::string::npos)
      << second.error().message;
  first->reset();
  EXPECT_TRUE(openSqlite(options_).has_value());
}

TEST_F(SqliteStoreTest, TheFolderIsPrivate) {
  ASSERT_TRUE(openSqlite(options_).has_value());
  EXPECT_EQ(std::filesystem::status(options_.folder).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(SqliteStoreTest, AFileOfANewerPatchbayIsRefusedAndLeft) {
  { ASSERT_TRUE(openSqlite(options_).has_value()); }
  {
    sqlite::Connection connection(path(), "", sqlite::Mode::kWriter);
    connection.execute("PRAGMA user_version = 999");
  }
  auto refused = openSqlite(options_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kStoreFailed);
  EXPECT_NE(refused.error().message.find("newer Patchbay"), std::string::npos);
  sqlite::Connection connection(path(), "", sqlite::Mode::kWriter);
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 999);
}

TEST_F(SqliteStoreTest, AForeignDatabaseIsRefusedAndLeft) {
  std::filesystem::create_directories(options_.folder);
  {
    sqlite::Connection connection(path(), "", sqlite::Mode::kWriter);
    connection.execute("CREATE TABLE songs(name TEXT)");
  }
  auto refused = openSqlite(options_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("another program"), std::string::npos);
  sqlite::Connection connection(path(), "", sqlite::Mode::kWriter);
  EXPECT_EQ(connection.integer("SELECT count(*) FROM sqlite_master"), 1);
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsRefused) {
  std::filesystem::create_directories(options_.folder);
  std::ofstream(path()) << std::string(4096, 'x');
  auto refused = openSqlite(options_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kStoreFailed);
}

TEST_F(SqliteStoreTest, AFullDiskFailsTheUnitAndLeavesTheStoreUsable) {
  auto store = openSqlite(options_);
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(putSetting(**store, "1").has_value());
  // The file's own page limit stands in for the disk: SQLite reports both as SQLITE_FULL.
  std::int64_t pages = 0;
  ASSERT_TRUE((*store)->write([&](Transaction&) -> base::Status { return {}; }).has_value());
  {
    sqlite::Connection other(path(), "", sqlite::Mode::kReader);
    pages = other.integer("PRAGMA page_count");
  }
  store->reset();
  options_.maxPages = pages + 8;
  store = openSqlite(options_);
  ASSERT_TRUE(store.has_value());
  const base::Status full = putSetting(**store, "\"" + std::string(1 << 20, 'x') + "\"");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, base::Code::kDiskFull);
  EXPECT_TRUE(putSetting(**store, "2").has_value());
  std::optional<std::string> stored;
  ASSERT_TRUE((*store)->read([&](Transaction& transaction) {
                        stored = transaction.settings().get("test", "a");
                      }).has_value());
  EXPECT_EQ(stored, "2");
}

// Runs what is posted when it is told to.
TEST_F(SqliteStoreTest, DamageIsCountedAndNamed) {
  auto store = openSqlite(options_);
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(putSetting(**store, "\"" + std::string(100'000, 'x') + "\""));
  EXPECT_EQ((*store)->faults().count, 0);
  store->reset();
  {
    constexpr std::streamoff kRubbish = 40'000;  // within the value's pages, the last of the file
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-kRubbish, std::ios::end);
    file << std::string(kRubbish, '?');
  }
  store = openSqlite(options_);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  const base::Status read = (*store)->read([](Transaction& tx) { tx.settings().get("test", "a"); });
  ASSERT_FALSE(read);
  EXPECT_EQ((*store)->faults().count, 1);
  EXPECT_TRUE((*store)->faults().damaged);
  EXPECT_EQ((*store)->faults().last, read.error().message);
}

class HeldExecutor final : public base::Executor {
 public:
  void post(Work work) override { held_.push_back(std::move(work)); }
  base::TimerId after(base::Millis, Work) override { return 0; }
  void cancel(base::TimerId) override {}
  bool onThread() const override { return true; }
  std::size_t run() {
    const std::vector<Work> works = std::exchange(held_, {});
    for (const Work& work : works) {
      work();
    }
    return works.size();
  }

 private:
  std::vector<Work> held_;
};

TEST_F(SqliteStoreTest, CommitsRunAsWorkOfTheExecutorThatIsGiven) {
  HeldExecutor executor;
  options_.commits = &executor;
  auto store = openSqlite(options_);
  ASSERT_TRUE(store.has_value());
  int told = 0;
  const auto put = [&](const char* json) {
    (*store)->submit(
        [json](Transaction& transaction) -> base::Status {
          transaction.settings().put("test", "a", json);
          return {};
        },
        [&](const base::Status& status) { told += status ? 1 : 0; });
  };
  put("1");
  put("2");
  EXPECT_EQ(told, 0);
  EXPECT_EQ(executor.run(), 1u) << "what queues before the executor gets to it is one commit";
  EXPECT_EQ(told, 2);
  EXPECT_EQ((*store)->counts().commits, 1u);
  put("3");
  EXPECT_TRUE(putSetting(**store, "4").has_value()) << "write() does not wait for an executor that waits for it";
  EXPECT_EQ(told, 3);
  put("5");
  store->reset();
  EXPECT_EQ(told, 4) << "the end of the store commits what is queued";
}

TEST_F(SqliteStoreTest, AnUnknownVfsIsAnError) {
  options_.vfs = "no-such-vfs";
  auto refused = openSqlite(options_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kStoreFailed);
}

}  // namespace patchbay::store
