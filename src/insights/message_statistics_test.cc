#include "insights/message_statistics.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/json.h"
#include "insights/time_steps.h"

namespace patchbay::insights {

namespace {

constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00.000Z
constexpr std::int64_t kHour = 3'600'000;

LogOriginPtr origin(const std::string& flowId, const std::string& userId,
                    const std::string& component) {
  return std::make_shared<const LogOrigin>(
      LogOrigin{flowId, userId, component, "acme.shop.core." + component, "acme.shop"});
}

class MessageStatisticsTest : public testing::Test {
 protected:
  MessageStatisticsTest() { open(); }
  ~MessageStatisticsTest() override {
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  static std::filesystem::path newFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "patchbay-statistics-XXXXXX").string();
    return mkdtemp(pattern.data());
  }
  void open() {
    log_.reset();
    FlowLogOptions options;
    options.path = folder_ / "logs.db";
    options.retention.days = 36'500;
    auto opened = FlowLog::open(options);
    ASSERT_TRUE(opened.has_value());
    log_ = std::move(*opened);
  }
  void done(const LogOriginPtr& from, std::int64_t time, std::int64_t messageMillis,
            std::int64_t callMillis) {
    log_->count({from, time, callMillis, messageMillis, 10});
  }
  void failed(const LogOriginPtr& from, std::int64_t time) {
    log_->count({from, time, std::nullopt, std::nullopt, 1});
  }
  std::string groups(StatisticsGroup group) {
    query_.group = group;
    auto found = MessageStatistics(*log_).groups(query_);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    return found ? json::write(*found) : "";
  }

  std::filesystem::path folder_ = newFolder();
  std::unique_ptr<FlowLog> log_;
  LogOriginPtr buy_ = origin("mine", "u1", "Buy"), sell_ = origin("mine", "u1", "Sell"),
               other_ = origin("theirs", "u2", "Buy");
  StatisticsQuery query_{{false, "u1", {}}, {}, StatisticsGroup::kFlow, kNoon, kNoon + kHour, 100};
};

}  // namespace

TEST(TimeSteps, EveryTimeIsInItsStepAndAtMostAQuarterTooLong) {
  for (std::int64_t time : {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 100, 999, 1'000, 60'000,
                            86'400'000, 2'000'000'000}) {
    const std::int64_t longest = longestOf(timeStep(time));
    EXPECT_GE(longest, time);
    EXPECT_LE(longest, time + time / 4);
    EXPECT_EQ(timeStep(longest), timeStep(time));
    EXPECT_EQ(timeStep(longest + 1), timeStep(time) + 1);
  }
  EXPECT_EQ(timeStep(-5), 0u);
  EXPECT_EQ(timeStep(std::int64_t{1} << 60), kTimeSteps - 1);
}

TEST_F(MessageStatisticsTest, CountsAndPercentilesByGroup) {
  for (int i = 0; i < 98; ++i) {
    done(buy_, kNoon, 2, 1);
  }
  done(buy_, kNoon, 100, 3);
  done(buy_, kNoon + kHour - 1, 1'000, 3);
  done(sell_, kNoon, 3, 3);
  failed(sell_, kNoon);
  EXPECT_EQ(
      groups(StatisticsGroup::kFlow),
      R"([{"flowId":"mine","done":101,"failed":1,"bytes":1011,"messageMs":{"p50":2,"p90":2,"p99":111},)"
      R"("callMs":{"p50":1,"p90":1,"p99":3}}])");
  EXPECT_EQ(
      groups(StatisticsGroup::kConnector),
      R"([{"connector":"acme.shop","done":101,"failed":1,"bytes":1011,"messageMs":{"p50":2,"p90":2,"p99":111},)"
      R"("callMs":{"p50":1,"p90":1,"p99":3}}])");
  query_.limit = 1;
  EXPECT_EQ(
      groups(StatisticsGroup::kComponentType),
      R"([{"componentType":"acme.shop.core.Buy","connector":"acme.shop","done":100,"failed":0,"bytes":1000,)"
      R"("messageMs":{"p50":2,"p90":2,"p99":111},"callMs":{"p50":1,"p90":1,"p99":3}}])");
  query_.limit = 100;
  EXPECT_NE(
      groups(StatisticsGroup::kComponent)
          .find(R"({"flowId":"mine","componentId":"Sell","componentType":"acme.shop.core.Sell",)"
                R"("connector":"acme.shop","done":1,"failed":1)"),
      std::string::npos);
}

TEST_F(MessageStatisticsTest, WithoutACallThereAreNoTimes) {
  failed(buy_, kNoon);
  EXPECT_EQ(groups(StatisticsGroup::kFlow),
            R"([{"flowId":"mine","done":0,"failed":1,"bytes":1,"messageMs":null,"callMs":null}])");
}

TEST_F(MessageStatisticsTest, NobodySeesAnothersCountsAndARangeIsKept) {
  done(other_, kNoon, 1, 1);
  done(buy_, kNoon - 1, 1, 1);
  done(buy_, kNoon + 2 * kHour, 1, 1);
  EXPECT_EQ(groups(StatisticsGroup::kFlow), "[]");
  query_.flowIds = {"theirs"};
  EXPECT_EQ(groups(StatisticsGroup::kFlow), "[]");
  query_.scope.flowIds = {"theirs"};
  EXPECT_NE(groups(StatisticsGroup::kFlow).find("theirs"), std::string::npos);
  query_ = {{true, "", {}}, {}, StatisticsGroup::kFlow, kNoon - kHour, kNoon + 3 * kHour, 100};
  EXPECT_NE(groups(StatisticsGroup::kFlow).find(R"({"flowId":"mine","done":2,)"),
            std::string::npos);
}

TEST_F(MessageStatisticsTest, CountsAddUpOverRestartsAndMonths) {
  done(buy_, kNoon, 1, 1);
  open();
  done(buy_, kNoon, 1, 1);
  log_->flush();
  failed(buy_, kNoon + 31 * 24 * kHour);
  EXPECT_NE(groups(StatisticsGroup::kFlow).find(R"("done":2,)"), std::string::npos);
  MessageStatistics statistics(*log_);
  auto months = statistics.months({false, "u1", {}}, {}, "", "");
  ASSERT_TRUE(months.has_value());
  ASSERT_EQ(months->size(), 2u);
  EXPECT_EQ((*months)[0].month, "2026-03");
  EXPECT_EQ((*months)[0].count, 2);
  EXPECT_EQ((*months)[0].bytes, 20);
  EXPECT_EQ(statistics.months({true, "", {}}, {"mine"}, "2026-04", "2026-04")->size(), 1u);
  EXPECT_EQ(statistics.months({false, "u2", {}}, {}, "", "")->size(), 0u);
}

}  // namespace patchbay::insights
