#include "store/audit.h"
#include "store/operations.h"
#include "store/settings.h"
#include "store/users.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(Users);
PATCHBAY_STORE_SUITE(Settings);
PATCHBAY_STORE_SUITE(Operations);
PATCHBAY_STORE_SUITE(Audit);

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
    t.operations().put({"t1", "publish", "in-progress", "u1", "{}", 10, 10, ""});
    t.operations().put({"t2", "publish", "in-progress", "u1", "{}", 5, 5, ""});
    t.operations().put({"t1", "publish", "completed", "u1", R"({"n":1})", 10, 20, ""});
  });
  EXPECT_EQ(read([](Transaction& t) { return t.operations().byTicket("t1"); })->document, R"({"n":1})");
  EXPECT_EQ(read([](Transaction& t) { return t.operations().byStatus("in-progress"); }).size(), 1u);
  EXPECT_FALSE(read([](Transaction& t) { return t.operations().byTicket("t9"); }).has_value());
}

TEST_P(Operations, OnlyOldFinishedOnesGo) {
  write([](Transaction& t) {
    t.operations().put({"old", "publish", "completed", "u1", "{}", 1, 10, ""});
    t.operations().put({"new", "publish", "failed", "u1", "{}", 1, 30, ""});
    t.operations().put({"busy", "publish", "in-progress", "u1", "{}", 1, 10, ""});
    t.operations().eraseFinishedBefore(20);
  });
  EXPECT_FALSE(read([](Transaction& t) { return t.operations().byTicket("old"); }).has_value());
  EXPECT_TRUE(read([](Transaction& t) { return t.operations().byTicket("new"); }).has_value());
  EXPECT_TRUE(read([](Transaction& t) { return t.operations().byTicket("busy"); }).has_value());
}

TEST_P(Operations, OfConnectorsComeNewestFirstAndTheLastOfEachStays) {
  write([](Transaction& t) {
    t.operations().put({"t1", "install", "completed", "u1", "{}", 10, 10, "acme.a"});
    t.operations().put({"t2", "update", "completed", "u1", "{}", 20, 20, "acme.a"});
    t.operations().put({"t3", "install", "failed", "u1", "{}", 15, 15, "acme.b"});
    t.operations().put({"t4", "delete-user", "completed", "u1", "{}", 1, 1, ""});
  });
  const auto tickets = [this](std::string_view subject) {
    return read([subject](Transaction& t) {
      std::vector<std::string> all;
      for (const OperationRecord& operation : t.operations().ofConnectors(subject, 0, 10)) {
        all.push_back(operation.ticket);
      }
      return all;
    });
  };
  EXPECT_EQ(tickets("acme.a"), (std::vector<std::string>{"t2", "t1"}));
  EXPECT_EQ(tickets(""), (std::vector<std::string>{"t2", "t3", "t1"}));
  write([](Transaction& t) { t.operations().eraseFinishedBefore(100); });
  EXPECT_EQ(tickets(""), (std::vector<std::string>{"t2", "t3"}));
  EXPECT_FALSE(read([](Transaction& t) { return t.operations().byTicket("t4").has_value(); }));
}

TEST_P(Audit, IsListedNewestFirstByResourceAndName) {
  write([](Transaction& t) {
    t.audit().add({0, 5, "u1", "install", "connector", "acme.a", "", "1.0.0", "t1", "", "completed"});
    t.audit().add({0, 6, "u1", "change", "acl", "components", "", "", "", "127.0.0.1", "completed"});
    t.audit().add({0, 7, "u2", "remove", "connector", "acme.a", "1.0.0", "", "t2", "", "failed"});
  });
  const auto all = read([](Transaction& t) { return t.audit().list("", "", 0, 10); });
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].action, "remove");
  EXPECT_EQ(all[1].ip, "127.0.0.1");
  const auto ofConnector = read([](Transaction& t) { return t.audit().list("connector", "acme.a", 0, 10); });
  ASSERT_EQ(ofConnector.size(), 2u);
  EXPECT_EQ(ofConnector[1].to, "1.0.0");
  const auto older =
      read([&](Transaction& t) { return t.audit().list("", "", ofConnector[0].id, 1); });
  ASSERT_EQ(older.size(), 1u);
  EXPECT_EQ(older[0].resource, "acl");
}

}  // namespace patchbay::store
