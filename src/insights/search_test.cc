#include "insights/search.h"

#include <stdlib.h>

#include <gtest/gtest.h>

#include "base/json.h"
#include "insights/lucene.h"
#include "insights/wildcard.h"

namespace patchbay::insights {

namespace {

constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00.000Z
constexpr std::int64_t kHour = 3'600'000;

class TestClock final : public base::Clock {
 public:
  base::Time now() const override { return base::fromMillis(kNoon + kHour); }
};

LogRecord record(std::int64_t time, const std::string& flowId, std::string_view type, std::string_view msg) {
  LogRecord made;
  made.time = time;
  made.origin = std::make_shared<LogOrigin>(
      LogOrigin{flowId, flowId == "theirs" ? "u2" : "u1", "component-" + flowId, "acme.shop.core.Buy"});
  made.severity = type == "error" ? "error" : "info";
  made.portType = type == "data" ? "in" : "";
  made.port = type == "data" ? "in" : "";
  made.type = type;
  made.correlationId = "c1";
  made.msg = msg;
  return made;
}

std::filesystem::path newFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-logs-XXXXXX").string();
  return mkdtemp(pattern.data());
}

std::unique_ptr<FlowLog> openLog(const std::filesystem::path& folder) {
  FlowLogOptions options;
  options.path = folder / "logs.db";
  options.retention.days = 36'500;
  auto opened = FlowLog::open(options);
  EXPECT_TRUE(opened.has_value());
  return opened ? std::move(*opened) : nullptr;
}

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    log_->append(record(kNoon, "mine", "flow", "Flow started."));
    log_->append(record(kNoon + 1, "mine", "data", R"({"word":"Apple"})"));
    log_->append(record(kNoon + 2, "mine", "data", R"({"word":"banana 50%"})"));
    log_->append(record(kNoon + kHour, "mine", "error", "it went wrong"));
    log_->append(record(kNoon + 3, "other", "data", "cherry"));
    log_->append(record(kNoon + 4, "theirs", "data", "apple of another"));
    query_.scope.userId = "u1";
    query_.sort = {"_id:asc"};
  }
  ~SearchTest() override {
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  json::object answer(LogQuery query) {
    auto found = search_.search(query);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    return found ? std::move(*found) : json::object{};
  }
  // The _ids of the hits, which count from 1 in the order above.
  std::string ids(const std::string& query) {
    LogQuery wanted = query_;
    wanted.query = query;
    return idsOf(answer(wanted));
  }
  static std::string idsOf(const json::object& found) {
    std::string ids;
    for (const json::value& hit : json::getArray(found, "hits")) {
      ids += json::getString(hit.as_object(), "_id");
    }
    return ids;
  }
  json::object aggregate(const std::string& aggs) {
    LogQuery wanted = query_;
    wanted.aggregations = json::parseOwn(aggs).as_object();
    const json::object found = answer(wanted);
    return json::getObject(found, "aggregations");
  }

  std::filesystem::path folder_ = newFolder();
  std::unique_ptr<FlowLog> log_ = openLog(folder_);
  TestClock clock_;
  LogSearch search_{*log_, clock_};
  LogQuery query_;
};

}  // namespace

TEST_F(SearchTest, HitsAreFlatWithTheWiresFields) {
  LogQuery wanted = query_;
  wanted.query = "banana";
  const json::object found = answer(wanted);
  ASSERT_EQ(json::getArray(found, "hits").size(), 1u);
  EXPECT_EQ(json::write(json::getArray(found, "hits")[0]),
            R"({"_id":"3","_index":"logs-202603","@timestamp":"2026-03-01T12:00:00.002Z",)"
            R"("gridTimestamp":"2026-03-01T12:00:00.002Z","severity":"info","type":"data","flowId":"mine",)"
            R"("componentId":"component-mine","componentType":"acme.shop.core.Buy","portType":"in","port":"in",)"
            R"("correlationId":"c1","msg":"{\"word\":\"banana 50%\"}","sort":[3,3]})");
}

TEST_F(SearchTest, NobodySeesAnothersRecords) {
  EXPECT_EQ(ids(""), "12345");
  LogQuery wanted = query_;
  wanted.flowIds = {"theirs"};
  EXPECT_EQ(idsOf(answer(wanted)), "");
  wanted.scope.flowIds = {"theirs"};
  EXPECT_EQ(idsOf(answer(wanted)), "6");
  wanted.query = "cherry OR apple";
  EXPECT_EQ(idsOf(answer(wanted)), "6");
  LogQuery all = query_;
  all.scope.everything = true;
  EXPECT_EQ(idsOf(answer(all)), "123456");
}

TEST_F(SearchTest, WordsPhrasesAndWildcards) {
  EXPECT_EQ(ids("apple"), "2");
  EXPECT_EQ(ids("appl?"), "2");
  EXPECT_EQ(ids("ban*50"), "3");
  EXPECT_EQ(ids("50%"), "3");
  EXPECT_EQ(ids("_pple"), "");
  EXPECT_EQ(ids("\"went wrong\""), "4");
  EXPECT_EQ(ids("\"a*e\""), "");
  EXPECT_EQ(ids("*"), "12345");
  EXPECT_EQ(ids("*:*"), "12345");
  EXPECT_EQ(ids("msg:cherry"), "5");
}

TEST_F(SearchTest, OperatorsFollowLucene) {
  EXPECT_EQ(ids("apple OR cherry"), "25");
  EXPECT_EQ(ids("apple cherry"), "25");
  EXPECT_EQ(ids("apple || cherry"), "25");
  EXPECT_EQ(ids("type:data AND flowId:mine"), "23");
  EXPECT_EQ(ids("type:data && flowId:mine"), "23");
  EXPECT_EQ(ids("type:data NOT banana"), "25");
  EXPECT_EQ(ids("type:data -banana"), "25");
  EXPECT_EQ(ids("NOT type:data"), "14");
  EXPECT_EQ(ids("+flowId:mine +type:data -apple"), "3");
  EXPECT_EQ(ids("flowId:mine AND (apple OR banana)"), "23");
  EXPECT_EQ(ids("type:(error OR flow)"), "14");
  EXPECT_EQ(ids("flowId:mine AND NOT (apple OR banana)"), "14");
  EXPECT_EQ(ids("(apple) AND (banana)"), "");
}

TEST_F(SearchTest, FieldsCompareAsAWhole) {
  EXPECT_EQ(ids("flowId:min"), "");
  EXPECT_EQ(ids("flowId:MINE AND type:error"), "4");
  EXPECT_EQ(ids("componentType:acme.* AND flowId:other"), "5");
  EXPECT_EQ(ids("componentType:\"acme.shop.core.Buy\" AND flowId:other"), "5");
  EXPECT_EQ(ids("componentId:component\\-other"), "5");
  EXPECT_EQ(ids("_exists_:portType"), "235");
  EXPECT_EQ(ids("_exists_:nosuch"), "");
  EXPECT_EQ(ids("nosuch:x"), "");
}

TEST_F(SearchTest, RangesOfTime) {
  EXPECT_EQ(ids("gridTimestamp:[2026-03-01T12:00:00.001Z TO 2026-03-01T12:00:00.003Z]"), "235");
  EXPECT_EQ(ids("@timestamp:{\"2026-03-01T12:00:00.001Z\" TO \"2026-03-01T12:00:00.003Z\"}"), "3");
  EXPECT_EQ(ids("gridTimestamp:[* TO 1772366400000]"), "1");
  EXPECT_EQ(ids("gridTimestamp:[now-1m TO now]"), "4");
  EXPECT_EQ(ids("gridTimestamp:[2026-03-01 TO 2026-03-01]"), "12345");
  EXPECT_EQ(ids("gridTimestamp:>=\"2026-03-01T13:00:00.000Z\""), "4");
  EXPECT_EQ(ids("gridTimestamp:[* TO \"2020-01-01T00:00:00.000Z\"]"), "");
}

TEST_F(SearchTest, WhatIsNotUnderstoodIsRefused) {
  for (const char* query :
       {"(unclosed AND", "\"open", "AND apple", "apple AND", "apple OR OR pear", "a)", "()x)", "field:", "gridTimestamp:[a TO b]",
        "gridTimestamp:[* TO", "gridTimestamp:soon", "/re.*/", "apple~2", "apple^3", "x\\", ":x"}) {
    LogQuery wanted = query_;
    wanted.query = query;
    auto found = search_.search(wanted);
    ASSERT_FALSE(found.has_value()) << query;
    EXPECT_EQ(found.error().code, base::Code::kInvalid) << query;
  }
  EXPECT_FALSE(parseLucene(std::string(10'000, 'a'), 0).has_value());
  EXPECT_FALSE(parseLucene(std::string(100, '('), 0).has_value());
  std::string many;
  for (int i = 0; i < 300; ++i) {
    many += "a ";
  }
  EXPECT_FALSE(parseLucene(many, 0).has_value());
}

TEST_F(SearchTest, SqlInAQueryIsOnlyText) {
  EXPECT_EQ(ids("\"' OR 1=1 --\""), "");
  EXPECT_EQ(ids("flowId:\"x' OR '1'='1\""), "");
}

TEST_F(SearchTest, PagingSortingAndProjection) {
  LogQuery wanted = query_;
  wanted.sort = {};
  EXPECT_EQ(idsOf(answer(wanted)), "45321");
  wanted.size = 2;
  wanted.from = 1;
  EXPECT_EQ(idsOf(answer(wanted)), "53");
  wanted.from = 0;
  const json::object first = answer(wanted);
  const json::array& sort = json::getArray(json::getArray(first, "hits")[1].as_object(), "sort");
  wanted.searchAfter = {json::write(sort[0]), json::write(sort[1])};
  EXPECT_EQ(idsOf(answer(wanted)), "32");
  wanted.searchAfter = {"2026-03-01T12:00:00.002Z"};
  EXPECT_EQ(idsOf(answer(wanted)), "21");
  wanted.searchAfter = {"a", "b", "c"};
  EXPECT_FALSE(search_.search(wanted).has_value());
  wanted = query_;
  wanted.sort = {"type:desc", "gridTimestamp:asc"};
  EXPECT_EQ(idsOf(answer(wanted)), "14235");
  wanted.sort = {"nosuch:asc"};
  EXPECT_FALSE(search_.search(wanted).has_value());
  wanted = query_;
  wanted.size = 20'000;
  EXPECT_FALSE(search_.search(wanted).has_value());
  wanted = query_;
  wanted.size = 1;
  wanted.excludes = {"msg"};
  EXPECT_EQ(json::find(json::getArray(answer(wanted), "hits")[0], "msg"), nullptr);
  wanted.excludes = {};
  wanted.includes = {"type"};
  EXPECT_EQ(json::write(json::getArray(answer(wanted), "hits")[0]),
            R"({"_id":"1","_index":"logs-202603","type":"flow","sort":[1,1]})");
}

TEST_F(SearchTest, TraceIsLeftOutUnlessAskedFor) {
  LogRecord trace = record(kNoon, "mine", "log", "detail");
  trace.severity = "trace";
  log_->append(trace);
  EXPECT_EQ(ids("detail"), "");
  query_.trace = true;
  EXPECT_EQ(ids("detail"), "7");
}

TEST_F(SearchTest, TheHistogramCountsTheHits) {
  const json::object found = answer(query_);
  EXPECT_EQ(json::write(json::getArray(found, "buckets")),
            R"([{"key_as_string":"2026-03-01T12:00:00.000Z","key":1772366400000,"doc_count":4},)"
            R"({"key_as_string":"2026-03-01T13:00:00.000Z","key":1772370000000,"doc_count":1}])");
}

TEST_F(SearchTest, MetricsAndBuckets) {
  EXPECT_EQ(json::write(aggregate(R"({"n":{"value_count":{"field":"portType"}},"f":{"cardinality":{"field":"flowId"}},
      "first":{"min":{"field":"gridTimestamp"}}})")),
            R"({"n":{"value":3},"f":{"value":2},"first":{"value":1772366400000,)"
            R"("value_as_string":"2026-03-01T12:00:00.000Z"}})");
  EXPECT_EQ(json::write(aggregate(R"({"t":{"terms":{"field":"type.keyword","size":2},
      "aggs":{"flows":{"cardinality":{"field":"flowId"}}}}})")),
            R"({"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":1,"buckets":[)"
            R"({"key":"data","doc_count":3,"flows":{"value":2}},{"key":"error","doc_count":1,"flows":{"value":1}}]}})");
  EXPECT_EQ(json::write(aggregate(R"({"h":{"date_histogram":{"field":"gridTimestamp","fixed_interval":"1h"}}})")),
            R"({"h":{"buckets":[{"key_as_string":"2026-03-01T12:00:00.000Z","key":1772366400000,"doc_count":4},)"
            R"({"key_as_string":"2026-03-01T13:00:00.000Z","key":1772370000000,"doc_count":1}]}})");
  EXPECT_EQ(json::write(aggregate(R"({"e":{"filter":{"term":{"type":"error"}}},
      "q":{"filter":{"query_string":{"query":"apple"}}},"m":{"filter":{"terms":{"type":["flow","data"]}}}})")),
            R"({"e":{"doc_count":1},"q":{"doc_count":1},"m":{"doc_count":4}})");
}

TEST_F(SearchTest, UnknownAggregationsAreRefused) {
  for (const char* aggs : {R"({"a":{"scripted_metric":{"field":"type"}}})", R"({"a":{"terms":{"field":"nosuch"}}})",
                           R"({"a":1})", R"({"a":{}})", R"({"a":{"filter":{"script":{"x":1}}}})",
                           R"({"a":{"date_histogram":{"field":"gridTimestamp","interval":"soon"}}})"}) {
    LogQuery wanted = query_;
    wanted.aggregations = json::parseOwn(aggs).as_object();
    auto found = search_.search(wanted);
    ASSERT_FALSE(found.has_value()) << aggs;
    EXPECT_EQ(found.error().code, base::Code::kInvalid);
  }
}

TEST_F(SearchTest, ManyMatchesAreFoundInTheOrderOfTimeAsFewAre) {
  for (int i = 0; i < 1'500; ++i) {
    log_->append(record(kNoon + 10'000 + i, i % 2 == 0 ? "mine" : "other", "data", "crowd " + std::to_string(i)));
  }
  LogQuery wanted = query_;
  wanted.sort = {};
  wanted.size = 3;
  for (const std::vector<std::string>& flowIds : {std::vector<std::string>{}, {"mine", "other"}}) {
    wanted.flowIds = flowIds;
    wanted.query = "crowd";
    const json::object found = answer(wanted);
    EXPECT_EQ(json::getArray(found, "buckets")[0].at("doc_count").to_number<int>(), 1'500);
    EXPECT_EQ(idsOf(found), "150615051504");
    wanted.query = "\"crowd 7\"";  // 7, 70…79, 700…799
    EXPECT_EQ(idsOf(answer(wanted)), "806805804");
  }
  wanted.flowIds = {"mine"};
  wanted.query = "crowd";
  EXPECT_EQ(idsOf(answer(wanted)), "150515031501");
}

TEST_F(SearchTest, SendersAreFoundAndShown) {
  LogRecord sent = record(kNoon, "mine", "data", "from a sender");
  sent.sender = record(kNoon, "mine", "data", "").origin;
  log_->append(sent);
  EXPECT_EQ(ids("senderId:component-mine"), "7");
  EXPECT_EQ(ids("_exists_:senderType AND senderType:acme.*"), "7");
  EXPECT_EQ(ids("NOT _exists_:senderId AND type:flow"), "1");
}

TEST_F(SearchTest, OneRecordByItsId) {
  auto found = search_.one(query_.scope, "5");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(json::getString(json::getObject(*found, "_source"), "msg"), "cherry");
  EXPECT_EQ(search_.one(query_.scope, "6").error().code, base::Code::kNotFound);
  EXPECT_EQ(search_.one(query_.scope, "x").error().code, base::Code::kNotFound);
}

TEST(Wildcard, MatchesInBoundedTime) {
  EXPECT_TRUE(matchesWildcard("a*c", "abbbc"));
  EXPECT_TRUE(matchesWildcard("*", ""));
  EXPECT_TRUE(matchesWildcard("A?C", "abc"));
  EXPECT_FALSE(matchesWildcard("a?c", "ac"));
  EXPECT_TRUE(matchesWildcard("a\\*c", "a*c"));
  EXPECT_FALSE(matchesWildcard("a\\*c", "abc"));
  EXPECT_TRUE(matchesWildcard("a\\\\c", "a\\c"));
  std::string pattern;
  for (int i = 0; i < 200; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(matchesWildcard(pattern + "b", std::string(20'000, 'a')));
}

}  // namespace patchbay::insights
