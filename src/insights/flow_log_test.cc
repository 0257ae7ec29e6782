#include "insights/flow_log.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "base/clock.h"
#include "insights/detail/log_tables.h"
#include "insights/log_reader.h"

namespace patchbay::insights {

namespace {

constexpr std::int64_t kDay = 86'400'000;

class FlowLogTest : public testing::Test {
 protected:
  ~FlowLogTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  static std::filesystem::path newFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "patchbay-flow-log-XXXXXX").string();
    return mkdtemp(pattern.data());
  }
  std::unique_ptr<FlowLog> open(std::size_t maxQueued = 100'000) {
    auto opened = FlowLog::open({.path = path_, .maxQueued = maxQueued});
    EXPECT_TRUE(opened.has_value());
    return opened ? std::move(*opened) : nullptr;
  }
  LogRecord record(std::int64_t time, std::string_view msg) const {
    LogRecord made;
    made.time = time;
    made.origin = origin_;
    made.severity = "info";
    made.type = "log";
    made.msg = msg;
    return made;
  }
  RecordBatch batch(int count, std::int64_t time, std::string_view msg) const {
    RecordBatch records;
    for (int n = 0; n < count; ++n) {
      records.add(record(time, msg));
    }
    return records;
  }
  std::int64_t number(const std::string& sql) const {
    std::int64_t number = 0;
    LogReader(path_.string()).each(sql, {}, [&](const store::sqlite::Query& row) {
      number = row.integer(0);
      return false;
    });
    return number;
  }

  std::filesystem::path folder_ = newFolder();
  std::filesystem::path path_ = folder_ / "logs.db";
  LogOriginPtr origin_ = std::make_shared<const LogOrigin>(
      LogOrigin{"flow", "user", "component", "acme.shop.core.Buy", "acme.shop"});
  std::int64_t now_ = base::toMillis(base::SystemClock().now());
};

}  // namespace

TEST_F(FlowLogTest, AFullQueueDropsAndCounts) {
  auto log = open(0);
  log->append(record(now_, "x"));
  log->count({origin_, now_, 1, 1, 1});
  EXPECT_EQ(log->dropped(), 2u);
}

TEST_F(FlowLogTest, TextsThatAreTooMuchForTheQueueAreDroppedAndCounted) {
  FlowLogOptions options{path_};
  options.maxQueuedBytes = 0;
  auto opened = FlowLog::open(options);
  ASSERT_TRUE(opened.has_value());
  (*opened)->append(record(now_, "x"));
  EXPECT_EQ((*opened)->dropped(), 1u);
}

TEST_F(FlowLogTest, EveryTextOfARecordIsKeptInBatchesOfAnySize) {
  LogTables tables(path_);
  for (const int count : {1, 31, 32, 33, 100}) {
    RecordBatch records;
    for (int n = 0; n < count; ++n) {
      const std::string msg = std::to_string(n), port = "port" + msg, correlation = "c" + msg;
      LogRecord made = record(now_ + n, msg);
      made.portType = "in";
      made.port = port;
      made.correlationId = correlation;
      made.sender = origin_;
      records.add(made);
    }
    tables.write(records);
    EXPECT_EQ(number("SELECT count(*) FROM log WHERE time - " + std::to_string(now_) + " = CAST(msg AS INTEGER) AND port = 'port' || msg AND "
                     "correlation_id = 'c' || msg AND port_type = 'in' AND severity = 'info' AND type = 'log' AND component_id = sender_id"),
              count);
    tables.eraseRecords({0, 0}, now_ + kDay);
    ASSERT_EQ(number("SELECT count(*) FROM log"), 0);
  }
}

TEST_F(FlowLogTest, WhatWasAppendedIsThereAfterAFlushAndAfterTheEnd) {
  auto log = open();
  log->append(record(now_, "first"));
  log->flush();
  EXPECT_EQ(number("SELECT count(*) FROM log"), 1);
  EXPECT_EQ(log->written(), 1u);
  log->append(record(now_, "second"));
  log.reset();
  EXPECT_EQ(number("SELECT count(*) FROM log"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM origins"), 2);  // nobody, and the one
}

TEST_F(FlowLogTest, AFileOfANewerVersionIsLeftAlone) {
  open().reset();
  store::sqlite::Connection(path_.string(), "", store::sqlite::Mode::kWriter)
      .execute("PRAGMA user_version=99");
  auto opened = FlowLog::open({.path = path_});
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("newer"), std::string::npos);
}

TEST_F(FlowLogTest, ADamagedFileIsSetAsideAndANewOneBegun) {
  const auto aside = folder_ / "logs.db.damaged";
  for (const std::streamoff from : {0, 200}) {  // no database; a header with rubbish behind it
    auto log = open();
    log->append(record(now_, "before"));
    log.reset();
    {
      std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(from);
      file << std::string(16'000, 'x');
    }
    std::filesystem::remove(aside);
    log = open();
    ASSERT_TRUE(log != nullptr) << from;
    EXPECT_TRUE(std::filesystem::exists(aside)) << from;
    log->append(record(now_, "after"));
    log->flush();
    EXPECT_EQ(number("SELECT count(*) FROM log"), 1) << from;
  }
}

TEST_F(FlowLogTest, AFileThatIsDamagedWhileItIsInUseIsSetAsideToo) {
  auto log = open();
  const std::string text(1'000, 'x');
  for (int n = 0; n < 30'000; ++n) {
    log->append(record(now_ - 3 * kDay, text));
  }
  log->flush();
  const auto size = std::filesystem::file_size(path_);
  ASSERT_GT(size, 16u << 20);
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100'000);
    file << std::string(size - 100'000, 'x');
  }
  log->setRetention({2, std::uint64_t{1} << 40});  // reads what it erases
  log->flush();
  log->flush();
  EXPECT_TRUE(std::filesystem::exists(folder_ / "logs.db.damaged"));
  log->append(record(now_, "after"));
  log->flush();
  EXPECT_EQ(number("SELECT count(*) FROM log"), 1);
  EXPECT_EQ(log->dropped(), 0u);
}

TEST_F(FlowLogTest, RecordsGoByAgeInSlices) {
  LogTables tables(path_);
  RecordBatch records = batch(12'000, now_ - 3 * kDay, "old");
  records.add(record(now_ - kDay, "young"));
  tables.write(records);
  const LogRetention retention{2, std::uint64_t{1} << 40};
  EXPECT_TRUE(tables.eraseRecords(retention, now_));
  EXPECT_EQ(number("SELECT count(*) FROM log"), 7'001);
  EXPECT_TRUE(tables.eraseRecords(retention, now_));
  EXPECT_TRUE(tables.eraseRecords(retention, now_));
  EXPECT_FALSE(tables.eraseRecords(retention, now_));
  EXPECT_EQ(number("SELECT count(*) FROM log"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM log WHERE msg = 'young'"), 1);
}

TEST_F(FlowLogTest, TheOldestGoByBytesAndTheirSpaceIsUsedAgain) {
  LogTables tables(path_);
  const LogRetention retention{30, std::uint64_t{8} << 20};
  std::int64_t pages = 0;
  for (int round = 0; round < 6; ++round) {
    tables.write(batch(20'000, now_, std::string(1'000, static_cast<char>('a' + round))));
    while (tables.eraseRecords(retention, now_)) {
    }
    EXPECT_LT(number("SELECT count(*) FROM log"), 10'000);
    pages = round == 1 ? number("PRAGMA page_count") : pages;
  }
  EXPECT_GT(number("SELECT count(*) FROM log WHERE msg LIKE 'f%'"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM log WHERE msg LIKE 'a%'"), 0);
  EXPECT_LE(number("PRAGMA page_count"), pages + pages / 10);
}

TEST_F(FlowLogTest, RetentionFromNowOn) {
  auto log = open();
  log->append(record(now_ - 3 * kDay, "old"));
  log->append(record(now_, "young"));
  log->flush();
  EXPECT_EQ(number("SELECT count(*) FROM log"), 2);
  log->setRetention({2, std::uint64_t{1} << 40});
  log->flush();  // the turn that takes the setting
  log->flush();  // the turn after its erasing
  EXPECT_EQ(number("SELECT count(*) FROM log"), 1);
}

TEST_F(FlowLogTest, OldCountsAndUnusedNamesGo) {
  LogTables tables(path_);
  CallTotals totals;
  totals.add({origin_, now_ - 800 * kDay, 1, 1, 5});
  totals.add({std::make_shared<const LogOrigin>(LogOrigin{"young", "user", "component", "", ""}),
              now_, 1, 1, 5});
  tables.write(totals);
  tables.write(batch(1, now_ - 800 * kDay, "old"));
  const LogRetention retention{30, std::uint64_t{1} << 40};
  while (tables.eraseRecords(retention, now_)) {
  }
  tables.eraseCounts(retention, now_);
  for (const char* table : {"flows", "call_counts", "months"}) {
    EXPECT_EQ(number(std::string("SELECT count(*) FROM ") + table), 1) << table;
  }
  EXPECT_EQ(number("SELECT count(*) FROM origins WHERE id <> 0"), 1);
  tables.write(batch(1, now_, "again"));
  EXPECT_EQ(
      number("SELECT count(*) FROM log WHERE flow_id = 'flow' AND component_id = 'component'"), 1);
}

}  // namespace patchbay::insights
