// Promises of store.h: what a unit is, when it counts, what a reader sees.

#include <future>
#include <thread>

#include "store/messages.h"
#include "store/settings.h"
#include "store/users.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(GroupCommit);

namespace {

Unit put(std::string name, std::string json = "1") {
  return [name = std::move(name), json = std::move(json)](Transaction& transaction) -> base::Status {
    transaction.settings().put("test", name, json);
    return {};
  };
}

// Holds the commit thread inside a unit, so that what is submitted meanwhile becomes one batch.
class Gate {
 public:
  explicit Gate(Store& store) {
    store.submit(
        [this](Transaction&) -> base::Status {
          entered_.set_value();
          opened_.get_future().wait();
          return {};
        },
        {});
    entered_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

}  // namespace

TEST_P(GroupCommit, UnitsRunAndReportInTheOrderSubmitted) {
  std::vector<int> ran;
  std::vector<int> reported;
  std::promise<void> last;
  Gate gate(*store_);
  for (int i = 0; i < 50; ++i) {
    store_->submit(
        [&ran, i](Transaction&) -> base::Status {
          ran.push_back(i);
          return {};
        },
        [&, i](base::Status status) {
          EXPECT_TRUE(status.has_value());
          reported.push_back(i);
          if (i == 49) {
            last.set_value();
          }
        });
  }
  gate.open();
  last.get_future().wait();
  std::vector<int> expected(50);
  for (int i = 0; i < 50; ++i) {
    expected[static_cast<std::size_t>(i)] = i;
  }
  EXPECT_EQ(ran, expected);
  EXPECT_EQ(reported, expected);
}

TEST_P(GroupCommit, QueuedUnitsShareACommit) {
  const CommitCounts before = store_->counts();
  Gate gate(*store_);
  for (int i = 0; i < 30; ++i) {
    store_->submit(put("n" + std::to_string(i)), {});
  }
  gate.open();
  ASSERT_TRUE(store_->write(put("last")).has_value());
  const CommitCounts after = store_->counts();
  EXPECT_EQ(after.units - before.units, 32u);
  EXPECT_LE(after.commits - before.commits, 3u);
}

TEST_P(GroupCommit, AFailingUnitIsUndoneAlone) {
  std::vector<std::string> outcomes(4);
  std::promise<void> last;
  Gate gate(*store_);
  const auto report = [&](std::size_t i) {
    return [&outcomes, &last, i](base::Status status) {
      outcomes[i] = status ? "good" : std::string(base::codeText(status.error().code));
      if (i == 3) {
        last.set_value();
      }
    };
  };
  store_->submit(put("first"), report(0));
  store_->submit(
      [](Transaction& transaction) -> base::Status {
        transaction.settings().put("test", "refused", "1");
        transaction.settings().put("test", "first", "2");
        return base::fail(base::Code::kConflict, "no");
      },
      report(1));
  store_->submit(
      [](Transaction& transaction) -> base::Status {
        transaction.settings().put("test", "thrown", "1");
        throw std::runtime_error("a bug");
      },
      report(2));
  store_->submit(put("second"), report(3));
  gate.open();
  last.get_future().wait();
  EXPECT_EQ(outcomes, (std::vector<std::string>{"good", "CONFLICT", "INTERNAL", "good"}));
  const auto stored = read([](Transaction& transaction) { return transaction.settings().all("test"); });
  EXPECT_EQ(stored, (std::vector<std::pair<std::string, std::string>>{{"first", "1"}, {"second", "1"}}));
  EXPECT_EQ(store_->counts().failedUnits, 2u);
}

TEST_P(GroupCommit, ALoneFailingUnitLeavesNothing) {
  const base::Status outcome = store_->write([](Transaction& transaction) -> base::Status {
    transaction.settings().put("test", "refused", "1");
    return base::fail(base::Code::kNotFound, "no such thing");
  });
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, base::Code::kNotFound);
  EXPECT_TRUE(read([](Transaction& transaction) { return transaction.settings().all("test"); }).empty());
  EXPECT_TRUE(store_->write(put("after")).has_value());
}

TEST_P(GroupCommit, ARefusalOfTheDatabaseIsAStatus) {
  const base::Status outcome = store_->write([](Transaction& transaction) -> base::Status {
    transaction.messages().insertPayload(7, "1");
    transaction.messages().insertPayload(7, "2");
    return {};
  });
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, base::Code::kStoreFailed);
  EXPECT_EQ(read([](Transaction& transaction) { return transaction.messages().payloadIds(); }).size(), 0u);
}

TEST_P(GroupCommit, AUnitSeesItsOwnAndEarlierUnitsOfTheBatch) {
  Gate gate(*store_);
  std::promise<std::optional<std::string>> seen;
  store_->submit(put("a", "42"), {});
  store_->submit(
      [&seen](Transaction& transaction) -> base::Status {
        seen.set_value(transaction.settings().get("test", "a"));
        return {};
      },
      {});
  gate.open();
  EXPECT_EQ(seen.get_future().get(), "42");
}

TEST_P(GroupCommit, ReadDoesNotSeeQueuedUnits) {
  ASSERT_TRUE(store_->write(put("stored")).has_value());
  Gate gate(*store_);
  store_->submit(put("queued"), {});
  const auto seen = read([](Transaction& transaction) { return transaction.settings().all("test"); });
  gate.open();
  EXPECT_EQ(seen.size(), 1u);
  ASSERT_TRUE(store_->write(put("more")).has_value());
  EXPECT_EQ(read([](Transaction& transaction) { return transaction.settings().all("test"); }).size(), 3u);
}

TEST_P(GroupCommit, AReaderKeepsItsSnapshot) {
  ASSERT_TRUE(store_->write(put("a")).has_value());
  const base::Status outcome = store_->read([this](Transaction& transaction) {
    EXPECT_EQ(transaction.settings().all("test").size(), 1u);
    EXPECT_TRUE(store_->write(put("b")).has_value());
    EXPECT_EQ(transaction.settings().all("test").size(), 1u);
  });
  EXPECT_TRUE(outcome.has_value());
  EXPECT_EQ(read([](Transaction& transaction) { return transaction.settings().all("test"); }).size(), 2u);
}

TEST_P(GroupCommit, AReaderMayNotWrite) {
  const base::Status outcome =
      store_->read([](Transaction& transaction) { transaction.settings().put("test", "a", "1"); });
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, base::Code::kStoreFailed);
  EXPECT_TRUE(read([](Transaction& transaction) { return transaction.settings().all("test"); }).empty());
}

TEST_P(GroupCommit, DoneFollowsTheCommitThatReadersSee) {
  std::promise<std::size_t> seen;
  std::thread observer;
  store_->submit(put("a"), [&](base::Status status) {
    EXPECT_TRUE(status.has_value());
    // Not a call into the store from `done`: another thread looks while the commit thread waits for it.
    observer = std::thread([&] {
      seen.set_value(read([](Transaction& transaction) { return transaction.settings().all("test"); }).size());
    });
    observer.join();
  });
  EXPECT_EQ(seen.get_future().get(), 1u);
  ASSERT_TRUE(store_->write(put("b")).has_value());
}

TEST_P(GroupCommit, DoneMaySubmit) {
  std::promise<bool> second;
  store_->submit(put("a"), [&](base::Status) {
    store_->submit(put("b"), [&](base::Status status) { second.set_value(status.has_value()); });
  });
  EXPECT_TRUE(second.get_future().get());
}

TEST_P(GroupCommit, ClosingCommitsWhatIsQueuedAndReopeningSeesIt) {
  for (int i = 0; i < 100; ++i) {
    store_->submit(put("n" + std::to_string(i)), {});
  }
  reopen();
  EXPECT_EQ(read([](Transaction& transaction) { return transaction.settings().all("test"); }).size(), 100u);
}

TEST_P(GroupCommit, ThreadsRaceAndNothingIsLost) {
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::promise<void> last;
      for (int i = 0; i < kEach; ++i) {
        store_->submit(put(std::to_string(t) + "-" + std::to_string(i), std::to_string(i)),
                       [&, i](base::Status status) {
                         good += status ? 1 : 0;
                         if (i == kEach - 1) {
                           last.set_value();
                         }
                       });
        if (i % 20 == 0) {
          EXPECT_TRUE(store_->read([](Transaction& transaction) { transaction.settings().all("test"); }));
        }
      }
      last.get_future().wait();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good, kThreads * kEach);
  EXPECT_EQ(read([](Transaction& transaction) { return transaction.settings().all("test"); }).size(),
            static_cast<std::size_t>(kThreads * kEach));
}

}  // namespace patchbay::store
