// What users keep: states, dead letters, data stores, files, accounts.

#include "store/accounts.h"
#include "store/datastores.h"
#include "store/files.h"
#include "store/states.h"
#include "store/unprocessed.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(States);
PATCHBAY_STORE_SUITE(Unprocessed);
PATCHBAY_STORE_SUITE(DataStoresTable);
PATCHBAY_STORE_SUITE(Files);
PATCHBAY_STORE_SUITE(Accounts);

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Texts = std::vector<std::string>;

UnprocessedRecord letter(std::string id, std::string flowId, std::string userId, std::int64_t created,
                         std::string correlationId = "") {
  return {std::move(id), std::move(flowId), "c", "a.b.c.D", std::move(userId), std::move(correlationId),
          created,       R"({"err":1})"};
}

Texts idsOf(const std::vector<UnprocessedRecord>& records) {
  Texts ids;
  for (const UnprocessedRecord& record : records) {
    ids.push_back(record.messageId);
  }
  return ids;
}

Texts keysOf(const std::vector<DataRecord>& records) {
  Texts keys;
  for (const DataRecord& record : records) {
    keys.push_back(record.key);
  }
  return keys;
}

}  // namespace

TEST_P(States, ValuesAreOfTheirOwner) {
  write([](Transaction& t) {
    t.states().put("c:f1:c1", "b", "1");
    t.states().put("c:f1:c1", "a", "{}");
    t.states().put("c:f1:c2", "a", "2");
    t.states().put("c:f1:c1", "b", "3");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.states().get("c:f1:c1", "b"); }), "3");
  EXPECT_EQ(read([](Transaction& t) { return t.states().get("c:f1:c1", "z"); }), std::nullopt);
  EXPECT_EQ(read([](Transaction& t) { return t.states().all("c:f1:c1"); }), (Pairs{{"a", "{}"}, {"b", "3"}}));
  write([](Transaction& t) {
    t.states().erase("c:f1:c1", "b");
    t.states().clear("c:f1:c2");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.states().all("c:f1:c1"); }), (Pairs{{"a", "{}"}}));
  EXPECT_TRUE(read([](Transaction& t) { return t.states().all("c:f1:c2"); }).empty());
}

TEST_P(States, PrefixesAreTakenAsTheyAre) {
  write([](Transaction& t) {
    for (const char* owner : {"c:f1:c1", "c:f1:c2", "c:f10:c1", "c:f_:c1", "c:F1:c1", "f:f1"}) {
      t.states().put(owner, "k", "1");
    }
  });
  EXPECT_EQ(read([](Transaction& t) { return t.states().owners("c:f1:"); }), (Texts{"c:f1:c1", "c:f1:c2"}));
  write([](Transaction& t) { t.states().clearPrefix("c:f_:"); });
  EXPECT_EQ(read([](Transaction& t) { return t.states().owners("c:"); }).size(), 4u);
  write([](Transaction& t) { t.states().clearPrefix("c:f1:"); });
  EXPECT_EQ(read([](Transaction& t) { return t.states().owners(""); }), (Texts{"c:F1:c1", "c:f10:c1", "f:f1"}));
}

TEST_P(Unprocessed, ListFiltersAndPagesNewestFirst) {
  write([](Transaction& t) {
    t.unprocessed().insert(letter("m1", "f1", "u1", 10));
    t.unprocessed().insert(letter("m2", "f2", "u1", 30, "corr"));
    t.unprocessed().insert(letter("m3", "f1", "u1", 20, "corr"));
    t.unprocessed().insert(letter("m4", "f3", "u2", 40));
  });
  const auto list = [this](std::string user, std::string flow, std::string correlation, int offset, int limit) {
    return idsOf(read([=](Transaction& t) {
      return t.unprocessed().list(user, flow, correlation, offset, limit);
    }));
  };
  EXPECT_EQ(list("", "", "", 0, 100), (Texts{"m4", "m2", "m3", "m1"}));
  EXPECT_EQ(list("u1", "", "", 0, 100), (Texts{"m2", "m3", "m1"}));
  EXPECT_EQ(list("u1", "", "", 1, 1), (Texts{"m3"}));
  EXPECT_EQ(list("u1", "f1", "", 0, 100), (Texts{"m3", "m1"}));
  EXPECT_EQ(list("", "f1", "corr", 0, 100), (Texts{"m3"}));
  EXPECT_EQ(list("u2", "f1", "", 0, 100), (Texts{}));
  EXPECT_EQ(read([](Transaction& t) { return t.unprocessed().count("u1", ""); }), 3);
  EXPECT_EQ(read([](Transaction& t) { return t.unprocessed().count("", "f1"); }), 2);
  EXPECT_EQ(read([](Transaction& t) { return t.unprocessed().count("", ""); }), 4);
  bool erased = false;
  write([&](Transaction& t) {
    erased = t.unprocessed().erase("m1") && !t.unprocessed().erase("m9");
    t.unprocessed().eraseFlow("f2");
  });
  EXPECT_TRUE(erased);
  EXPECT_EQ(list("u1", "", "", 0, 100), (Texts{"m3"}));
  EXPECT_EQ(read([](Transaction& t) { return t.unprocessed().byId("m3"); })->correlationId, "corr");
}

TEST_P(DataStoresTable, RecordsSortPageAndMatchByKey) {
  write([](Transaction& t) {
    t.dataStores().putStore({"s1", "u1", "Stock"});
    t.dataStores().put({"s1", "beta", "1", "u1", 1, 30});
    t.dataStores().put({"s1", "Alpha", "2", "u1", 2, 20});
    t.dataStores().put({"s1", "gam%ma", "3", "u1", 3, 10});
    t.dataStores().put({"s2", "alpha", "4", "u1", 4, 40});
  });
  const auto find = [this](DataQuery query) {
    query.storeId = "s1";
    return keysOf(read([&](Transaction& t) { return t.dataStores().find(query); }));
  };
  EXPECT_EQ(find({}), (Texts{"beta", "Alpha", "gam%ma"}));
  DataQuery byKey;
  byKey.sort = "key";
  byKey.descending = false;
  EXPECT_EQ(find(byKey), (Texts{"Alpha", "beta", "gam%ma"}));
  DataQuery second;
  second.sort = "createdAt";
  second.descending = false;
  second.offset = 1;
  second.limit = 1;
  EXPECT_EQ(find(second), (Texts{"Alpha"}));
  DataQuery pattern;
  pattern.pattern = "aLPH";
  EXPECT_EQ(find(pattern), (Texts{"Alpha"}));
  pattern.pattern = "%";
  EXPECT_EQ(find(pattern), (Texts{"gam%ma"}));
  DataQuery all;
  all.limit = -1;
  EXPECT_EQ(find(all).size(), 3u);
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().count("s1", ""); }), 3);
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().count("s1", "A"); }), 3);
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().count("s1", "bet"); }), 1);
}

TEST_P(DataStoresTable, PutReplacesAndEraseSaysWhetherItWasThere) {
  bool first = false;
  bool second = true;
  write([&](Transaction& t) {
    t.dataStores().put({"s1", "k", "1", "u1", 1, 1});
    t.dataStores().put({"s1", "k", "[2]", "u2", 1, 5});
  });
  const auto record = read([](Transaction& t) { return t.dataStores().get("s1", "k"); });
  EXPECT_EQ(record->value, "[2]");
  EXPECT_EQ(record->userId, "u2");
  EXPECT_EQ(record->createdAt, 1);
  EXPECT_EQ(record->updatedAt, 5);
  write([&](Transaction& t) {
    first = t.dataStores().erase("s1", "k");
    second = t.dataStores().erase("s1", "k");
  });
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
}

TEST_P(DataStoresTable, ErasingAStoreTakesRecordsAndListeners) {
  write([](Transaction& t) {
    t.dataStores().putStore({"s1", "u1", "b"});
    t.dataStores().putStore({"s2", "u1", "a"});
    t.dataStores().putStore({"s1", "u1", "renamed"});
    t.dataStores().put({"s1", "k", "1", "u1", 1, 1});
    t.dataStores().put({"s2", "k", "1", "u1", 1, 1});
    t.dataStores().putListener({"s1", "f1", "c1", R"(["insert"])"});
    t.dataStores().putListener({"s2", "f1", "c1", R"(["insert"])"});
    t.dataStores().putListener({"s2", "f1", "c1", R"(["update"])"});
    t.dataStores().putListener({"s2", "f2", "c1", R"([])"});
  });
  const auto stores = read([](Transaction& t) { return t.dataStores().stores("u1"); });
  ASSERT_EQ(stores.size(), 2u);
  EXPECT_EQ(stores[0].name, "a");
  EXPECT_EQ(stores[1].name, "renamed");
  write([](Transaction& t) { t.dataStores().eraseStore("s1"); });
  EXPECT_FALSE(read([](Transaction& t) { return t.dataStores().store("s1"); }).has_value());
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().count("s1", ""); }), 0);
  EXPECT_TRUE(read([](Transaction& t) { return t.dataStores().listeners("s1"); }).empty());
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().listeners("s2"); }).size(), 2u);
  write([](Transaction& t) { t.dataStores().eraseListeners("f2"); });
  const auto listeners = read([](Transaction& t) { return t.dataStores().listeners("s2"); });
  ASSERT_EQ(listeners.size(), 1u);
  EXPECT_EQ(listeners[0].events, R"(["update"])");
  write([](Transaction& t) {
    t.dataStores().eraseListener("s2", "f1", "c1");
    t.dataStores().clear("s2");
  });
  EXPECT_TRUE(read([](Transaction& t) { return t.dataStores().listeners("s2"); }).empty());
  EXPECT_EQ(read([](Transaction& t) { return t.dataStores().count("s2", ""); }), 0);
}

TEST_P(Files, ComeNewestFirst) {
  write([](Transaction& t) {
    t.files().put({"f1", "u1", "a.txt", "text/plain", "md5", "", "b1", 3, 10});
    t.files().put({"f2", "u1", "b.txt", "text/plain", "md5", "flow", "b2", 4, 20});
    t.files().put({"f3", "u2", "c.txt", "text/plain", "md5", "", "b3", 5, 30});
    t.files().put({"f1", "u1", "a.txt", "text/plain", "md5", "", "b4", 6, 15});
  });
  const auto files = read([](Transaction& t) { return t.files().byUser("u1"); });
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].fileId, "f2");
  EXPECT_EQ(files[0].flowId, "flow");
  EXPECT_EQ(files[1].blob, "b4");
  EXPECT_EQ(files[1].length, 6);
  EXPECT_EQ(read([](Transaction& t) { return t.files().all(); }).size(), 3u);
  bool erased = false;
  write([&](Transaction& t) { erased = t.files().erase("f1") && !t.files().erase("f1"); });
  EXPECT_TRUE(erased);
  EXPECT_FALSE(read([](Transaction& t) { return t.files().byId("f1"); }).has_value());
}

TEST_P(Accounts, EraseTakesAssignments) {
  const auto account = [](std::string id) {
    return AccountRecord{std::move(id), "t", "u1", "acme:mail", "name", "", "{}", "sealed", "", 5};
  };
  write([&](Transaction& t) {
    t.accounts().put(account("a1"));
    t.accounts().put(account("a2"));
    AccountRecord marked = account("a1");
    marked.invalid = "expired";
    t.accounts().put(marked);
    t.accounts().assign({"f1", "c1", "a1"});
    t.accounts().assign({"f1", "c2", "a1"});
    t.accounts().assign({"f1", "c2", "a2"});
  });
  const auto accounts = read([](Transaction& t) { return t.accounts().byUser("u1"); });
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts[0].accountId, "a1");
  EXPECT_EQ(accounts[0].invalid, "expired");
  EXPECT_EQ(accounts[0].sealed, "sealed");
  EXPECT_EQ(read([](Transaction& t) { return t.accounts().ofFlow("f1"); }).size(), 2u);
  EXPECT_EQ(read([](Transaction& t) { return t.accounts().ofAccount("a1"); }).size(), 1u);
  bool erased = false;
  write([&](Transaction& t) { erased = t.accounts().erase("a1") && !t.accounts().erase("a1"); });
  EXPECT_TRUE(erased);
  EXPECT_TRUE(read([](Transaction& t) { return t.accounts().ofAccount("a1"); }).empty());
  write([](Transaction& t) {
    t.accounts().unassign("f1", "c1");
    t.accounts().assign({"f2", "c1", "a2"});
    t.accounts().unassignFlow("f1");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.accounts().ofAccount("a2"); }).size(), 1u);
}

}  // namespace patchbay::store
