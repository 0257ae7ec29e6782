#include "store/operations.h"
#include "store/settings.h"
#include "store/users.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(Users);
PATCHBAY_STORE_SUITE(Settings);
PATCHBAY_STORE_SUITE(Operations);

TEST_P(Users, AreFoundByIdAndByEitherLogin) {
  write([](Transaction& t) {
    t.users().insert({"u1", "Ada", "ada@example.test", "hash", "{}"});
    t.users().insert({"u2", "bob", "bob@example.test", "hash2", R"({"a":1})"});
  });
  EXPECT_EQ(read([](Transaction& t) { return t.users().byId("u2"); })->document, R"({"a":1})");
  EXPECT_EQ(read([](Transaction& t) { return t.users().byLogin("aDA"); })->id, "u1");
  EXPECT_EQ(read([](Transaction& t) { return t.users().byLogin("BOB@example.TEST"); })->id, "u2");
  EXPECT_FALSE(read([](Transaction& t) { return t.users().byLogin("eve"); }).has_value());
  EXPECT_EQ(read([](Transaction& t) { return t.users().count(); }), 2);
}

TEST_P(Users, ANameIsTakenWithoutRegardToCase) {
  write([](Transaction& t) { t.users().insert({"u1", "Ada", "ada@example.test", "hash", "{}"}); });
  EXPECT_FALSE(store_->write([](Transaction& t) -> base::Status {
    t.users().insert({"u2", "ADA", "other@example.test", "hash", "{}"});
    return {};
  }));
  EXPECT_FALSE(store_->write([](Transaction& t) -> base::Status {
    t.users().insert({"u3", "other", "Ada@Example.test", "hash", "{}"});
    return {};
  }));
}

TEST_P(Users, UpdateKeepsTheOrderCreated) {
  write([](Transaction& t) {
    t.users().insert({"u2", "b", "b@x", "h", "{}"});
    t.users().insert({"u1", "a", "a@x", "h", "{}"});
    t.users().update({"u2", "c", "c@x", "h2", "[]"});
  });
  const auto users = read([](Transaction& t) { return t.users().all(); });
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users[0].id, "u2");
  EXPECT_EQ(users[0].username, "c");
  EXPECT_EQ(users[0].passwordHash, "h2");
  write([](Transaction& t) { t.users().erase("u2"); });
  EXPECT_EQ(read([](Transaction& t) { return t.users().count(); }), 1);
}

TEST_P(Settings, KindsAreApartAndPutReplaces) {
  write([](Transaction& t) {
    t.settings().put("config", "b", "1");
    t.settings().put("config", "a", "\"x\"");
    t.settings().put("acl", "a", "[]");
    t.settings().put("config", "b", "2");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.settings().get("config", "b"); }), "2");
  EXPECT_EQ(read([](Transaction& t) { return t.settings().get("acl", "a"); }), "[]");
  EXPECT_EQ(read([](Transaction& t) { return t.settings().all("config"); }),
            (std::vector<std::pair<std::string, std::string>>{{"a", "\"x\""}, {"b", "2"}}));
  bool first = false;
  bool second = true;
  write([&](Transaction& t) {
    first = t.settings().erase("config", "a");
    second = t.settings().erase("config", "a");
  });
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_EQ(read([](Transaction& t) { return t.settings().get("config", "a"); }), std::nullopt);
}

TEST_P(Operations, AreFoundByTicketAndStatus) {
  write([](Transaction& t) {
    t.operations().put({"t1", "publish", "in-progress", "u1", "{}", 10, 10});
    t.operations().put({"t2", "publish", "in-progress", "u1", "{}", 5, 5});
    t.operations().put({"t1", "publish", "completed", "u1", R"({"n":1})", 10, 20});
  });
  EXPECT_EQ(read([](Transaction& t) { return t.operations().byTicket("t1"); })->document, R"({"n":1})");
  EXPECT_EQ(read([](Transaction& t) { return t.operations().byStatus("in-progress"); }).size(), 1u);
  EXPECT_FALSE(read([](Transaction& t) { return t.operations().byTicket("t9"); }).has_value());
}

TEST_P(Operations, OnlyOldFinishedOnesGo) {
  write([](Transaction& t) {
    t.operations().put({"old", "publish", "completed", "u1", "{}", 1, 10});
    t.operations().put({"new", "publish", "failed", "u1", "{}", 1, 30});
    t.operations().put({"busy", "publish", "in-progress", "u1", "{}", 1, 10});
    t.operations().eraseFinishedBefore(20);
  });
  EXPECT_FALSE(read([](Transaction& t) { return t.operations().byTicket("old"); }).has_value());
  EXPECT_TRUE(read([](Transaction& t) { return t.operations().byTicket("new"); }).has_value());
  EXPECT_TRUE(read([](Transaction& t) { return t.operations().byTicket("busy"); }).has_value());
}

}  // namespace patchbay::store
