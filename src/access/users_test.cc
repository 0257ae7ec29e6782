#include "access/users.h"

#include <mutex>

#include "access/gate.h"
#include "access/testing_access.h"
#include "access/user_removal.h"
#include "base/json.h"

namespace patchbay::access {
namespace {

using base::Code;

class UsersTest : public ::testing::Test {
 protected:
  UsersTest() {
    EXPECT_TRUE(configuration_.load());
    EXPECT_TRUE(tokens_.load());
  }
  base::Result<User> make(json::object body, bool byAdmin = false) {
    if (!body.contains("password")) {
      body["password"] = "secret";
    }
    return users_.create(body, byAdmin);
  }

  TestStore store_;
  TestClock clock_;
  base::SystemRandom random_;
  SystemConfiguration configuration_{*store_.store};
  Tokens tokens_{*store_.store, configuration_, random_, clock_};
  Users users_{*store_.store, configuration_, random_, clock_};
  Gate gate_{tokens_, users_};
};

TEST_F(UsersTest, TheMissingNameComesFromTheOther) {
  const auto byEmail = make({{"email", "a@example.test"}});
  ASSERT_TRUE(byEmail) << byEmail.error().message;
  EXPECT_EQ(byEmail->username, "a@example.test");
  const auto byName = make({{"username", "bob"}});
  ASSERT_TRUE(byName);
  EXPECT_EQ(byName->email, "bob");
  EXPECT_EQ(byName->id.size(), 24U);
}

TEST_F(UsersTest, ScopeIsHonouredForAdminsOnlyAndInTheirOrder) {
  const json::array scope{"zeta", "admin"};
  const auto byAnyone = make({{"email", "a@example.test"}, {"scope", scope}});
  ASSERT_TRUE(byAnyone);
  EXPECT_EQ(byAnyone->scope, std::vector<std::string>{"user"});
  const auto byAdmin = make({{"email", "b@example.test"}, {"scope", scope}}, true);
  ASSERT_TRUE(byAdmin);
  EXPECT_EQ(byAdmin->scope, (std::vector<std::string>{"zeta", "admin"}));
  const auto withNull = make({{"email", "c@example.test"}, {"scope", nullptr}, {"metadata", nullptr}}, true);
  ASSERT_TRUE(withNull);
  EXPECT_EQ(withNull->scope, std::vector<std::string>{"user"});
  EXPECT_TRUE(adminView(*withNull)["metadata"].is_null());
  EXPECT_TRUE(signInView(*withNull)["metadata"].is_object());
}

TEST_F(UsersTest, BadBodiesAreRefusedByField) {
  EXPECT_EQ(make({{"email", "no address"}}).error().code, Code::kInvalid);
  EXPECT_EQ(make({{"email", "a@example.test"}, {"password", "four"}}).error().code, Code::kInvalid);
  EXPECT_EQ(make({}).error().code, Code::kInvalid);
  EXPECT_EQ(make({{"email", 5}}).error().code, Code::kInvalid);
  ASSERT_TRUE(make({{"email", "a@example.test"}}));
  EXPECT_EQ(make({{"email", "A@Example.test"}}).error().code, Code::kConflict);
}

TEST_F(UsersTest, SignsInByNameOrEmailAndSaysTheSameForBothMistakes) {
  ASSERT_TRUE(make({{"email", "a@example.test"}, {"username", "alice"}}));
  EXPECT_TRUE(users_.authenticate("A@EXAMPLE.test", "secret"));
  EXPECT_TRUE(users_.authenticate("alice", "secret"));
  const auto wrong = users_.authenticate("alice", "wrong");
  const auto nobody = users_.authenticate("nobody", "secret");
  ASSERT_FALSE(wrong);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(wrong.error().code, Code::kUnauthorized);
  EXPECT_EQ(wrong.error().message, nobody.error().message);
}

TEST_F(UsersTest, FirstAdminIsMadeOnceAndClosesRegistration) {
  auto made = users_.ensureAdmin("admin@localhost", "secret");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(*made);
  EXPECT_EQ(configuration_.text("API_USER_CREATE_SCOPE"), "admin");
  made = users_.ensureAdmin("other@localhost", "secret");
  ASSERT_TRUE(made);
  EXPECT_FALSE(*made);
  const auto admin = users_.authenticate("admin@localhost", "secret");
  ASSERT_TRUE(admin);
  EXPECT_TRUE(admin->toCaller().isAdmin());
}

TEST_F(UsersTest, PasswordsChange) {
  const auto user = make({{"email", "a@example.test"}});
  ASSERT_TRUE(user);
  EXPECT_EQ(users_.changePassword(user->id, "wrong", "newer").error().code, Code::kInvalid);
  ASSERT_TRUE(users_.changePassword(user->id, "secret", "newer"));
  EXPECT_FALSE(users_.authenticate("a@example.test", "secret"));
  EXPECT_TRUE(users_.authenticate("a@example.test", "newer"));
  EXPECT_EQ(users_.resetPassword("nobody", "newest").error().code, Code::kNotFound);
  ASSERT_TRUE(users_.resetPassword("a@example.test", "newest"));
  EXPECT_TRUE(users_.authenticate("a@example.test", "newest"));
}

TEST_F(UsersTest, AnUpdateReplacesWhatIsSentAndLeavesNullAlone) {
  const auto user = make({{"email", "a@example.test"}, {"metadata", {{"team", "x"}}}});
  ASSERT_TRUE(user);
  auto changed = users_.update(user->id, {{"scope", json::array{"tester"}}, {"vendor", "acme"},
                                          {"metadata", nullptr}, {"username", "ignored"}});
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->scope, std::vector<std::string>{"tester"});
  EXPECT_EQ(changed->vendor, std::vector<std::string>{"acme"});
  EXPECT_EQ(changed->username, "a@example.test");
  EXPECT_EQ(json::write(changed->metadata), R"({"team":"x"})");
  EXPECT_EQ(users_.update(user->id, {{"password", "secret"}}).error().code, Code::kInvalid);
  EXPECT_EQ(users_.update("nobody", {}).error().code, Code::kNotFound);
}

TEST_F(UsersTest, ATokenShowsTheRolesOfNowNotOfThen) {
  const auto user = make({{"email", "a@example.test"}, {"scope", json::array{"user", "admin"}}}, true);
  ASSERT_TRUE(user);
  const std::string token = tokens_.issue({user->id, user->username, user->scope});
  ASSERT_TRUE(gate_.caller(token));
  EXPECT_TRUE((*gate_.caller(token))->isAdmin());
  ASSERT_TRUE(users_.update(user->id, {{"scope", json::array{"user"}}}));
  EXPECT_FALSE((*gate_.caller(token))->isAdmin());
  ASSERT_TRUE(users_.remove(user->id));
  EXPECT_EQ(gate_.caller(token).error().code, Code::kNotFound);
}

TEST_F(UsersTest, RemovalRunsItsStepsAndAnswersAfterTheUserIsGone) {
  const auto user = make({{"email", "a@example.test"}});
  ASSERT_TRUE(user);
  UserRemoval removal(*store_.store, users_, random_, clock_);
  std::mutex mutex;
  std::string cleaned;  // under mutex
  removal.addStep([&](const std::string& userId) -> base::Status {
    const std::lock_guard lock(mutex);
    cleaned = userId;
    return {};
  });
  const auto ticket = removal.begin(user->id, "admin");
  ASSERT_TRUE(ticket);
  EXPECT_EQ(*removal.begin(user->id, "admin"), *ticket);  // it has not begun to run
  ASSERT_TRUE(removal.resume());
  std::string status;
  while (status.empty() || status == "in-progress") {
    const auto view = removal.status(user->id, *ticket);
    ASSERT_TRUE(view);
    status = json::getString(*view, "status");
    std::this_thread::yield();
  }
  EXPECT_EQ(status, "completed");
  {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(cleaned, user->id);
  }
  EXPECT_EQ(users_.byId(user->id).error().code, Code::kNotFound);
  EXPECT_EQ(removal.status(user->id, "unknown").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace patchbay::access
