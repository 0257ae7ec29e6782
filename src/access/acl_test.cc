#include "access/acl.h"

#include "access/testing_access.h"
#include "base/json.h"

namespace patchbay::access {
namespace {

Caller caller(std::vector<std::string> scope) {
  return {"id", "ann", "ann@example.test", std::move(scope), {}};
}

class AclTest : public ::testing::Test {
 protected:
  AclTest() { EXPECT_TRUE(acl_.load()); }
  void set(AclType type, std::string_view rules) {
    const auto stored = acl_.replace(type, json::parseOwn(rules));
    ASSERT_TRUE(stored) << stored.error().message;
  }
  TestStore store_;
  Acl acl_{*store_.store};
  const Caller user_ = caller({"user"});
  const Caller admin_ = caller({"user", "admin"});
};

TEST_F(AclTest, DefaultsShowWhatIsPublicToEverybody) {
  EXPECT_TRUE(acl_.mayList(&user_, "a.b.c.D", false));
  EXPECT_FALSE(acl_.mayList(&user_, "a.b.c.D", true));
  EXPECT_TRUE(acl_.mayUse(user_, "a.b.c.D", true));
  EXPECT_TRUE(acl_.mayList(nullptr, "a.b.c.D", false));
  EXPECT_TRUE(acl_.mayCall(user_, "flows", RouteAction::kCreate));
  EXPECT_EQ(acl_.list(AclType::kComponents)->size(), 3U);
  EXPECT_EQ(acl_.list(AclType::kRoutes)->size(), 2U);
}

TEST_F(AclTest, AnEmptyListLocksAllButAdminsAndStaysEmpty) {
  set(AclType::kComponents, "[]");
  set(AclType::kRoutes, "null");
  EXPECT_FALSE(acl_.mayList(&user_, "a.b.c.D", false));
  EXPECT_FALSE(acl_.mayUse(user_, "a.b.c.D", false));
  EXPECT_TRUE(acl_.mayUse(admin_, "a.b.c.D", false));
  EXPECT_FALSE(acl_.mayCall(user_, "flows", RouteAction::kRead));
  Acl again(*store_.store);
  ASSERT_TRUE(again.load());
  EXPECT_TRUE(again.list(AclType::kComponents)->empty());
}

TEST_F(AclTest, PrefixesWithAndWithoutStarCoverWhatIsBelow) {
  EXPECT_TRUE(covers("acme.trello", "acme.trello.core.Make"));
  EXPECT_TRUE(covers("acme.trello.*", "acme.trello.core.Make"));
  EXPECT_TRUE(covers("acme.trello.core.Make", "acme.trello.core.Make"));
  EXPECT_FALSE(covers("acme.trell", "acme.trello.core.Make"));
  EXPECT_FALSE(covers("", "acme.trello.core.Make"));
  EXPECT_TRUE(covers("*", "anything"));
}

TEST_F(AclTest, ADenialWinsForUsersAndDoesNotBindAdmins) {
  set(AclType::kComponents, R"([
    {"role":"user","resource":"*","action":["*"],"attributes":["*"]},
    {"role":"user","resource":"acme.secret","action":["!use"],"attributes":["*"]},
    {"role":"user","resource":"acme.hidden.*","action":["!*"]}])");
  EXPECT_FALSE(acl_.mayUse(user_, "acme.secret.x.Y", false));
  EXPECT_TRUE(acl_.mayList(&user_, "acme.secret.x.Y", false));
  EXPECT_FALSE(acl_.mayList(&user_, "acme.hidden.x.Y", false));
  EXPECT_TRUE(acl_.mayUse(admin_, "acme.secret.x.Y", false));
  EXPECT_TRUE(acl_.mayList(&admin_, "acme.hidden.x.Y", false));
}

TEST_F(AclTest, RolesAreScopesAddressesAndDomains) {
  set(AclType::kComponents, R"([
    {"role":"ann@example.test","resource":"a","action":"use","attributes":"non-private"},
    {"role":"@example.test","resource":"b","action":["use"],"attributes":["non-private"]},
    {"role":"@other.test","resource":"c","action":["use"],"attributes":["non-private"]}])");
  EXPECT_TRUE(acl_.mayUse(user_, "a.x", false));
  EXPECT_TRUE(acl_.mayUse(user_, "b.x", false));
  EXPECT_FALSE(acl_.mayUse(user_, "c.x", false));
}

TEST_F(AclTest, KeepsWhatItWasGivenAndFillsWhatIsMissing) {
  const auto stored = acl_.replace(AclType::kComponents, json::parseOwn(R"([
    {"role":"viewer","resource":"deploy/*","action":"write","attributes":[]},
    {"role":"viewer","resource":"deploy/*","action":"write","attributes":[]},
    {"role":"viewer","resource":"x","action":["read"]}])"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(json::write(json::value(*stored)),
            R"([{"role":"viewer","resource":"deploy/*","action":["write"],"attributes":[]},)"
            R"({"role":"viewer","resource":"deploy/*","action":["write"],"attributes":[]},)"
            R"({"role":"viewer","resource":"x","action":["read"],"attributes":["non-private"]}])");
  const auto routes =
      acl_.replace(AclType::kRoutes, json::parseOwn(R"([{"role":"r","resource":"x","action":["read"]}])"));
  ASSERT_TRUE(routes);
  EXPECT_EQ(json::write(json::value(*routes)),
            R"([{"role":"r","resource":"x","action":["read"],"attributes":["*"]}])");
}

TEST_F(AclTest, ABadRuleIsNamedByItsIndexAndNothingChanges) {
  const auto refused = acl_.replace(AclType::kComponents, json::parseOwn(R"([
    {"role":"user","resource":"*","action":["*"]}, {"role":"user","action":["*"]}])"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kInvalid);
  EXPECT_NE(refused.error().message.find("Rule 1"), std::string::npos);
  EXPECT_EQ(acl_.list(AclType::kComponents)->size(), 3U);
  EXPECT_EQ(Acl::typeOf("flows").error().code, base::Code::kNotFound);
}

TEST_F(AclTest, NoAttributesAdmitNothing) {
  set(AclType::kComponents, R"([{"role":"user","resource":"*","action":["*"],"attributes":[]}])");
  EXPECT_FALSE(acl_.mayList(&user_, "a.b", false));
  EXPECT_FALSE(acl_.mayUse(user_, "a.b", false));
}

TEST_F(AclTest, RouteActionsAreJudgedOneByOne) {
  set(AclType::kRoutes, R"([{"role":"user","resource":"flows","action":["read","update"]}])");
  EXPECT_TRUE(acl_.mayCall(user_, "flows", RouteAction::kRead));
  EXPECT_FALSE(acl_.mayCall(user_, "flows", RouteAction::kCreate));
  EXPECT_FALSE(acl_.mayCall(user_, "flows", RouteAction::kDelete));
}

}  // namespace
}  // namespace patchbay::access
