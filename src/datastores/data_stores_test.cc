#include "datastores/data_stores.h"

#include <stdlib.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/json.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::datastores {

namespace {

class TestClock final : public base::Clock {
 public:
  base::Time now() const override { return now_; }
  base::Time now_ = base::fromMillis(1'767'225'600'000);
};

class DataStoresTest : public testing::Test {
 protected:
  // A verb that must succeed, in a unit of its own.
  template <typename Verb>
  auto change(Verb verb) {
    auto result = attempt(verb);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return std::move(*result);
  }
  // Undone when it fails, as a request's unit is.
  template <typename Verb>
  auto attempt(Verb verb) {
    std::optional<decltype(verb(std::declval<store::Transaction&>()))> result;
    const base::Status written = store_->write([&](store::Transaction& tx) -> base::Status {
      result.emplace(verb(tx));
      if (!result->has_value()) {
        return result->error();
      }
      return {};
    });
    EXPECT_EQ(written.has_value(), result->has_value());
    return std::move(*result);
  }
  DataStoresTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-data-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store::SqliteOptions options;
    options.folder = folder_;
    auto opened = store::openSqlite(options);
    EXPECT_TRUE(opened.has_value());
    store_ = std::move(*opened);
    storeId_ = change([&](store::Transaction& tx) { return stores_.create(tx, "u1", "Stock"); });
  }
  ~DataStoresTest() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  template <typename Verb>
  base::Code codeOf(Verb verb) {
    auto result = attempt(verb);
    EXPECT_FALSE(result.has_value());
    return result ? base::Code::kInternal : result.error().code;
  }
  Change set(const std::string& key, const json::value& value) {
    return change([&](store::Transaction& tx) { return stores_.set(tx, "u1", storeId_, key, value); });
  }
  std::vector<std::string> keys(const std::string& arguments) {
    json::object parsed = json::parseOwn(arguments).as_object();
    parsed["storeId"] = storeId_;
    auto search = readSearch(parsed);
    EXPECT_TRUE(search.has_value());
    std::vector<std::string> found;
    for (const json::value& record :
         change([&](store::Transaction& tx) { return stores_.search(tx, "u1", *search); })) {
      found.push_back(json::getString(record.as_object(), "key"));
    }
    return found;
  }
  void listen(const std::string& component, std::vector<std::string> events) {
    ASSERT_TRUE(attempt([&](store::Transaction& tx) {
                  return stores_.listen(tx, "u1", storeId_, "flow", component, events);
                }).has_value());
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  base::SystemRandom random_;
  TestClock clock_;
  DataStores stores_{random_, clock_};
  std::string storeId_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_F(DataStoresTest, RecordsHaveTheWiresShape) {
  const Change made = set("k", json::parseOwn(R"({"b":1,"a":[1.5,null]})"));
  EXPECT_EQ(json::write(made.record), R"({"key":"k","value":{"b":1,"a":[1.5,null]},"storeId":")" + storeId_ +
                                          R"(","userId":"u1","createdAt":"2026-01-01T00:00:00.000Z",)"
                                          R"("updatedAt":"2026-01-01T00:00:00.000Z"})");
  clock_.now_ += base::Millis(5);
  const Change again = set("k", "x");
  EXPECT_EQ(json::getString(again.record, "createdAt"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(json::getString(again.record, "updatedAt"), "2026-01-01T00:00:00.005Z");
}

TEST_F(DataStoresTest, AnotherUsersStoreIsNotFoundByAnyVerb) {
  set("k", 1);
  const auto notFound = base::Code::kNotFound;
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.find(tx, "u2", storeId_); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.rename(tx, "u2", storeId_, "x"); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.remove(tx, "u2", storeId_); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.get(tx, "u2", storeId_, "k"); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.set(tx, "u2", storeId_, "k", 2); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.patch(tx, "u2", storeId_, "k", "j", std::nullopt); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.erase(tx, "u2", storeId_, "k"); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.clear(tx, "u2", storeId_); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.listen(tx, "u2", storeId_, "f", "c", {}); }), notFound);
  Search search;
  search.storeId = storeId_;
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.search(tx, "u2", search); }), notFound);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.count(tx, "u2", search); }), notFound);
  const std::string theirs = change([&](auto& tx) { return stores_.create(tx, "u2", "Theirs"); });
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.move(tx, "u1", storeId_, "k", theirs); }), notFound);
  EXPECT_EQ(keys("{}"), (Texts{"k"}));
}

TEST_F(DataStoresTest, RenameAndPatchRefuseATakenKey) {
  set("a", 1);
  set("b", 2);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.patch(tx, "u1", storeId_, "a", "b", std::nullopt); }),
            base::Code::kConflict);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.patch(tx, "u1", storeId_, "z", "y", std::nullopt); }),
            base::Code::kNotFound);
  const Change renamed = change([&](auto& tx) {
    return stores_.patch(tx, "u1", storeId_, "a", "c", std::optional<json::value>(json::value(9)));
  });
  EXPECT_EQ(json::getString(renamed.record, "key"), "c");
  EXPECT_EQ(json::getInt(renamed.record, "value"), 9);
  EXPECT_EQ(keys(R"({"sort":"key:1"})"), (Texts{"b", "c"}));
  EXPECT_EQ(change([&](auto& tx) { return stores_.rename(tx, "u1", storeId_, "New"); }), "Stock");
}

TEST_F(DataStoresTest, MoveTakesTheRecordAlong) {
  set("a", 1);
  const std::string other = change([&](auto& tx) { return stores_.create(tx, "u1", "Other"); });
  const Change moved = change([&](auto& tx) { return stores_.move(tx, "u1", storeId_, "a", other); });
  EXPECT_EQ(json::getString(moved.record, "storeId"), other);
  EXPECT_TRUE(keys("{}").empty());
  set("a", 2);
  EXPECT_EQ(codeOf([&](auto& tx) { return stores_.move(tx, "u1", storeId_, "a", other); }),
            base::Code::kConflict);
}

TEST_F(DataStoresTest, QueriesSelectByKeyAndValue) {
  set("a", json::parseOwn(R"({"n":1,"tags":["x","y"]})"));
  set("b", json::parseOwn(R"({"n":2})"));
  set("c", "text");
  const std::string sorted = R"("sort":{"key":1})";
  EXPECT_EQ(keys(R"({"query":{"key":{"$nin":["a","c"]}},)" + sorted + "}"), (Texts{"b"}));
  EXPECT_EQ(keys(R"({"query":{"key":{"$in":["a","c"]}},)" + sorted + "}"), (Texts{"a", "c"}));
  EXPECT_EQ(keys(R"({"query":{"value.n":{"$gte":1,"$lt":2}},)" + sorted + "}"), (Texts{"a"}));
  EXPECT_EQ(keys(R"({"query":{"value.tags":"y"},)" + sorted + "}"), (Texts{"a"}));
  EXPECT_EQ(keys(R"({"query":{"value":"text"},)" + sorted + "}"), (Texts{"c"}));
  EXPECT_EQ(keys(R"({"query":{"value.n":{"$exists":false}},)" + sorted + "}"), (Texts{"c"}));
  EXPECT_EQ(keys(R"({"query":{"$or":[{"key":"a"},{"value.n":2}]},)" + sorted + "}"), (Texts{"a", "b"}));
  EXPECT_EQ(keys(R"({"query":{"key":{"$not":{"$in":["a"]}}},"offset":1,"limit":1,)" + sorted + "}"),
            (Texts{"c"}));
  EXPECT_EQ(keys(R"({"pattern":"B"})"), (Texts{"b"}));
}

TEST_F(DataStoresTest, AQueryIsRefusedWhenNotUnderstood) {
  for (const char* query : {R"({"key":{"$regex":"(a+)+"}})", R"({"$where":"1"})", R"({"key":{"$in":1}})",
                            R"({"$or":[]})", R"({"$or":[1]})"}) {
    Search search;
    search.storeId = storeId_;
    search.query = json::parseOwn(query).as_object();
    EXPECT_EQ(codeOf([&](auto& tx) { return stores_.search(tx, "u1", search); }), base::Code::kInvalid) << query;
  }
  EXPECT_FALSE(readSearch(json::parseOwn(R"({"sort":"value:1"})").as_object()));
}

TEST_F(DataStoresTest, ListenersAreCalledForTheEventsTheyAskedFor) {
  listen("all", {});
  listen("deletes", {"delete"});
  const Change inserted = set("k", 1);
  ASSERT_EQ(inserted.calls.size(), 1u);
  EXPECT_EQ(inserted.calls[0].componentId, "all");
  EXPECT_EQ(inserted.calls[0].flowId, "flow");
  EXPECT_EQ(inserted.calls[0].payload, R"({"type":"insert","currentValue":{"key":"k","storeId":")" + storeId_ +
                                           R"(","value":1,"createdAt":"2026-01-01T00:00:00.000Z",)"
                                           R"("updatedAt":"2026-01-01T00:00:00.000Z"}})");
  const Change updated = set("k", "two");
  ASSERT_EQ(updated.calls.size(), 1u);
  const json::object data = json::parseOwn(updated.calls[0].payload).as_object();
  EXPECT_EQ(json::getString(data, "type"), "update");
  EXPECT_EQ(json::getInt(data, "oldValue"), 1);
  EXPECT_EQ(json::getInt(json::getObject(data, "currentValue"), "oldValue"), 1);
  EXPECT_EQ(json::getString(json::getObject(data, "currentValue"), "value"), "two");
  const Change erased = change([&](auto& tx) { return stores_.erase(tx, "u1", storeId_, "k"); });
  EXPECT_EQ(erased.calls.size(), 2u);
  const Change nothing = change([&](auto& tx) { return stores_.erase(tx, "u1", storeId_, "k"); });
  EXPECT_FALSE(nothing.happened);
  EXPECT_TRUE(nothing.calls.empty());
}

TEST_F(DataStoresTest, ClearTellsOfEveryRecordAndUnlistenEndsIt) {
  listen("deletes", {"delete"});
  set("a", 1);
  set("b", 2);
  EXPECT_EQ(change([&](auto& tx) { return stores_.clear(tx, "u1", storeId_); }).calls.size(), 2u);
  EXPECT_TRUE(keys("{}").empty());
  EXPECT_FALSE(attempt([&](auto& tx) { return stores_.listen(tx, "u1", storeId_, "f", "c", {"create"}); }));
  ASSERT_TRUE(store_->write([&](store::Transaction& tx) -> base::Status {
    stores_.unlisten(tx, storeId_, "flow", "deletes");
    return {};
  }).has_value());
  set("a", 1);
  EXPECT_TRUE(change([&](auto& tx) { return stores_.erase(tx, "u1", storeId_, "a"); }).calls.empty());
}

}  // namespace patchbay::datastores
