#include "queue/commit_line.h"

#include <stdlib.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/asio_executor.h"
#include "store/settings.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::queue {
namespace {

using Tries = CommitLine::Tries;

class CommitLineTest : public testing::Test {
 protected:
  CommitLineTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "patchbay-line-XXXXXX").string();
    store::SqliteOptions options;
    options.folder = folder_ = mkdtemp(folder.data());
    store_ = std::move(*store::openSqlite(options));
    line_.emplace(*store_, loop_, [this] { ++groups_; });
  }
  ~CommitLineTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static store::Unit append(const std::string& name) {
    return [name](store::Transaction& tx) {
      tx.settings().put("test", "order", tx.settings().get("test", "order").value_or("") + name);
      return base::Status();
    };
  }
  CommitLine::Done note(const std::string& name) {
    return [this, name](const base::Status& status) { told_ += name + (status ? "+" : "-"); };
  }
  std::string order() {
    std::string text;
    EXPECT_TRUE(store_->read([&](store::Transaction& tx) { text = tx.settings().get("test", "order").value_or(""); }));
    return text;
  }

  std::filesystem::path folder_;
  base::AsioExecutor loop_;
  std::unique_ptr<store::Store> store_;
  std::optional<CommitLine> line_;
  std::string told_;
  int groups_ = 0;
};

TEST_F(CommitLineTest, ATurnIsOneUnitInTheOrderSubmitted) {
  const auto before = store_->counts().units;
  for (const char* name : {"a", "b", "c"}) {
    line_->submit(append(name), Tries::kRepeatable, "", note(name));
  }
  ASSERT_TRUE(loop_.runUntil([this] { return groups_ == 1; }, base::Millis(10'000)));
  EXPECT_EQ(told_, "a+b+c+");
  EXPECT_EQ(order(), "abc");
  EXPECT_EQ(store_->counts().units - before, 1u);
}

TEST_F(CommitLineTest, ABadUnitIsUndoneAloneAndItsNeighboursAreStoredOnce) {
  line_->submit(append("a"), Tries::kRepeatable, "", note("a"));
  line_->submit(
      [](store::Transaction& tx) -> base::Status {
        tx.settings().put("test", "order", "lost");
        throw std::runtime_error("a bug");
      },
      Tries::kRepeatable, "", note("b"));
  line_->submit(append("c"), Tries::kSurely, "", note("c"));
  ASSERT_TRUE(loop_.runUntil([this] { return told_.size() == 6; }, base::Millis(10'000)));
  EXPECT_EQ(told_, "a+b-c+");
  EXPECT_EQ(order(), "ac");
}

TEST_F(CommitLineTest, WhatMayNotRunTwiceRunsOnceAndKeepsItsPlace) {
  int runs = 0;
  line_->submit(append("a"), Tries::kRepeatable, "", note("a"));
  line_->submit(
      [&runs](store::Transaction& tx) {
        ++runs;
        return append("b")(tx);
      },
      Tries::kOnce, "", note("b"));
  line_->submit([](store::Transaction&) { return base::Status(base::fail(base::Code::kConflict, "no")); }, Tries::kRepeatable, "", note("c"));
  line_->submit(append("d"), Tries::kRepeatable, "", note("d"));
  ASSERT_TRUE(loop_.runUntil([this] { return told_.size() == 8; }, base::Millis(10'000)));
  EXPECT_EQ(told_, "a+b+c-d+");
  EXPECT_EQ(order(), "abd");
  EXPECT_EQ(runs, 1);
}

TEST_F(CommitLineTest, WhatMustBeStoredIsTriedUntilItIs) {
  int runs = 0;
  line_->submit(
      [&runs](store::Transaction& tx) -> base::Status {
        return ++runs < 2 ? base::Status(base::fail(base::Code::kDiskFull, "full")) : append("a")(tx);
      },
      Tries::kSurely, "", note("a"));
  ASSERT_TRUE(loop_.runUntil([this] { return !told_.empty(); }, base::Millis(20'000)));
  EXPECT_EQ(told_, "a+");
  EXPECT_EQ(order(), "a");
  EXPECT_EQ(runs, 2);
}

// A flow's stop must not overtake what its messages have become.
TEST_F(CommitLineTest, WhatIsOfTheSameFlowWaitsBehindAFailureAndOthersOvertake) {
  int runs = 0;
  line_->submit(
      [&runs](store::Transaction& tx) -> base::Status {
        return ++runs < 2 ? base::Status(base::fail(base::Code::kDiskFull, "full")) : append("a")(tx);
      },
      Tries::kSurely, "one", note("a"));
  loop_.post([this] {  // another turn: it may be under way before the failure is known
    line_->submit(append("b"), Tries::kSurely, "one", note("b"));
    line_->submit(append("c"), Tries::kSurely, "two", note("c"));
    line_->submit(append("d"), Tries::kOnce, "", note("d"));
  });
  ASSERT_TRUE(loop_.runUntil([this] { return told_.size() == 8; }, base::Millis(20'000)));
  EXPECT_EQ(told_, "c+d+a+b+");
  EXPECT_EQ(order(), "cdab");
}

// The same with all of it in one group, and more of the flow while it waits.
TEST_F(CommitLineTest, AGroupThatFailsKeepsTheOrderOfAFlow) {
  int runs = 0;
  line_->submit(append("x"), Tries::kRepeatable, "one", note("x"));
  line_->submit(
      [&runs](store::Transaction& tx) -> base::Status {
        return ++runs < 3 ? base::Status(base::fail(base::Code::kDiskFull, "full")) : append("a")(tx);
      },
      Tries::kSurely, "one", [this](const base::Status& status) { note("a")(status); });
  line_->submit(append("b"), Tries::kSurely, "one", note("b"));
  line_->submit(append("c"), Tries::kSurely, "two", [this](const base::Status& status) {
    note("c")(status);
    line_->submit(append("e"), Tries::kSurely, "one", note("e"));
  });
  ASSERT_TRUE(loop_.runUntil([this] { return told_.size() == 10; }, base::Millis(20'000)));
  EXPECT_EQ(order(), "xcabe");
}

}  // namespace
}  // namespace patchbay::queue
