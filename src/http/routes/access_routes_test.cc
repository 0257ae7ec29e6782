#include <gtest/gtest.h>

#include <future>

#include "access/testing_access.h"
#include "accounts/accounts.h"
#include "base/json.h"
#include "http/open_api.h"
#include "http/pipeline.h"
#include "http/route_table_check.h"
#include "http/routes/accounts.h"
#include "http/routes/acl.h"
#include "http/routes/audit.h"
#include "http/routes/connector_access.h"
#include "http/routes/modifiers.h"
#include "http/routes/server_information.h"
#include "http/routes/service_configuration.h"
#include "http/routes/sign_in.h"
#include "http/routes/system_configuration.h"
#include "http/routes/users.h"
#include "http/testing_routes.h"

namespace patchbay::http {
namespace {

class NoWorkers : public accounts::AuthRunner {
 public:
  void start(accounts::AuthRequest request, Told told) override { told(run(std::move(request))); }
  base::Result<json::value> run(accounts::AuthRequest) override {
    return base::fail(base::Code::kUnavailable, "no workers here");
  }
};

// All routes of this room over a real store, asked without a socket.
class AccessRoutesTest : public ::testing::Test {
 protected:
  AccessRoutesTest() {
    EXPECT_TRUE(configuration_.load());
    EXPECT_TRUE(tokens_.load());
    EXPECT_TRUE(*users_.ensureAdmin("admin@example.test", "secret"));
    addServerInformationRoutes(router_, {.ownVersion = "0.1.0", .publicUrl = "http://x"});
    addSignInRoutes(router_, {users_, tokens_, throttle_, codes_, configuration_, audit_,
                              [this](const access::User&, const std::string& code, const std::string&) {
                                codesTold_.push_back(code);
                              }});
    users_.onCreate([this](store::Transaction&, const access::User& user) { created_.push_back(user.email); }, [] {});
    addUserRoutes(router_, users_, removal_, audit_);
    addAclRoutes(router_, acl_, registry_, audit_);
    addConnectorAccessRoutes(router_, {acl_, users_, audit_, registry_});
    addAuditRoutes(router_, audit_);
    addSystemConfigurationRoutes(router_, configuration_, audit_);
    addServiceConfigurationRoutes(router_, services_, audit_);
    addAccountRoutes(router_, accounts_);
    EXPECT_TRUE(addModifierRoutes(router_, modifierParts()));
    EXPECT_TRUE(removal_.resume());
    admin_ = tokenOf("admin@example.test");
    const auto user = users_.create({{"email", "user@example.test"}, {"password", "secret"}}, false);
    EXPECT_TRUE(user);
    userId_ = user->id;
    user_ = tokenOf("user@example.test");
  }

  ModifierParts modifierParts() {
    return {*store_.store,
            random_,
            R"({"categories":{},"modifiers":{"g_x":{}}})",
            [this](std::string document) { changed_.push_back(std::move(document)); },
            [](const std::string& members, const ModifierParts::Evaluated& told) {
              told(members.ends_with("[]") ? std::optional<std::string>()
                                           : std::optional<std::string>("4"));
            },
            [this](std::string members, const ModifierParts::Evaluated& told) {
              transformed_ = std::move(members);
              told(std::optional<std::string>(R"({"a":1})"));
            }};
  }

  std::string tokenOf(const std::string& login) {
    const auto user = users_.byLogin(login);
    EXPECT_TRUE(user);
    return tokens_.issue({user->id, user->username, user->scope});
  }

  Response ask(Method method, const std::string& target, std::string body = "", const std::string& token = "") {
    return askRoute(router_, method, target, std::move(body),
                    [&](const Route& route, Request& request) {
                      if (!token.empty()) {
                        request.headers["authorization"] = "Bearer " + token;
                      }
                      return pipeline_.admit(route, request);
                    });
  }
  static json::object object(const Response& response) { return json::parseOwn(response.body).as_object(); }

  access::TestStore store_;
  access::TestClock clock_;
  base::SystemRandom random_;
  access::SystemConfiguration configuration_{*store_.store};
  access::Tokens tokens_{*store_.store, configuration_, random_, clock_};
  access::Users users_{*store_.store, configuration_, random_, clock_};
  access::Gate gate_{tokens_, users_};
  access::Acl acl_{*store_.store};
  access::LoginThrottle throttle_{clock_};
  access::PasswordCodes codes_{random_, clock_};
  access::UserRemoval removal_{*store_.store, users_, random_, clock_};
  access::Audit audit_{*store_.store, clock_};
  connectors::Registry registry_;
  accounts::Sealer sealer_ = *accounts::Sealer::open(std::string(64, 'a'), "", random_);
  accounts::ServiceConfiguration services_{*store_.store, sealer_};
  NoWorkers runner_;
  accounts::Accounts accounts_{{*store_.store, registry_, sealer_, services_, runner_, random_, clock_}};
  Router router_;
  base::DiskReserve disk_{"/", clock_};
  Pipeline pipeline_{gate_, acl_, disk_};
  std::vector<std::string> codesTold_, created_;
  std::vector<std::string> changed_;
  std::string admin_, user_, userId_;
  std::string transformed_;  // members of the last frame
};

TEST_F(AccessRoutesTest, EveryRouteKeepsItsAccessRule) {
  const auto problems = checkRouteTable(router_, [this](Method method, const std::string& path, AskAs who) {
    return ask(method, path, "", who == AskAs::kNobody ? "" : who == AskAs::kAdmin ? admin_ : user_).status;
  });
  EXPECT_TRUE(problems.empty()) << problems.front();
}

TEST_F(AccessRoutesTest, TheWalkFindsARouteThatIsOpenByMistake) {
  Router wrong;
  wrong.add(Method::kGet, "/secrets", {.access = Access::kAdmin}, "",
            [](Request&) -> base::Result<Response> { return jsonText("{}"); });
  EXPECT_EQ(checkRouteTable(wrong, [](Method, const std::string&, AskAs) { return 200; }).size(), 2U);
}

TEST_F(AccessRoutesTest, SignInAnswersTokenAndUser) {
  Response reply = ask(Method::kPost, "/user/auth", R"({"email":"Admin@example.test","password":"secret"})");
  ASSERT_EQ(reply.status, 200);
  const json::object body = object(reply);
  const json::object user = json::getObject(body, "user");
  EXPECT_EQ(json::write(json::value(json::getArray(user, "scope"))), R"(["user","admin"])");
  EXPECT_EQ(json::write(*user.if_contains("metadata")), "{}");
  const Response own = ask(Method::kGet, "/user", "", json::getString(body, "token"));
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(json::getString(object(own), "userId"), json::getString(user, "id"));
  EXPECT_EQ(ask(Method::kPost, "/user/auth", R"({"username":"admin@example.test","password":"wrong"})").status, 401);
  EXPECT_EQ(ask(Method::kPost, "/user/auth", "{}").status, 400);
  EXPECT_EQ(ask(Method::kPost, "/user/auth", "not json").status, 400);
}

TEST_F(AccessRoutesTest, GuessingIsSlowedDown) {
  for (int i = 0; i < 10; ++i) {
    ask(Method::kPost, "/user/auth", R"({"username":"admin@example.test","password":"wrong"})");
  }
  const Response reply = ask(Method::kPost, "/user/auth", R"({"username":"admin@example.test","password":"secret"})");
  EXPECT_EQ(reply.status, 429);
  const std::vector<std::pair<std::string, std::string>> wanted{{"Retry-After", "300"}};
  EXPECT_EQ(reply.headers, wanted);
}

TEST_F(AccessRoutesTest, CreatingUsersFollowsTheConfiguration) {
  const std::string body = R"({"email":"new@example.test","password":"secret","scope":["admin"],"metadata":null})";
  EXPECT_EQ(ask(Method::kPost, "/user", body).status, 401);
  EXPECT_EQ(ask(Method::kPost, "/user", body, user_).status, 403);
  const Response made = ask(Method::kPost, "/user", body, admin_);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(json::getString(object(made), "userId"), json::getString(json::getObject(object(made), "user"), "id"));
  EXPECT_FALSE(json::getString(object(made), "token").empty());
  EXPECT_EQ(created_.back(), "new@example.test");
  EXPECT_EQ(ask(Method::kPost, "/user", body, admin_).status, 409);
  ASSERT_EQ(ask(Method::kDelete, "/config/API_USER_CREATE_SCOPE", "", admin_).status, 200);
  EXPECT_EQ(ask(Method::kPost, "/user", R"({"username":"open","password":"secret"})").status, 201);
}

TEST_F(AccessRoutesTest, AForgottenPasswordIsSetWithItsCodeOnce) {
  EXPECT_EQ(ask(Method::kPost, "/user/forgot-password", R"({"email":"nobody"})").status, 200);
  EXPECT_TRUE(codesTold_.empty());
  EXPECT_EQ(ask(Method::kPost, "/forgot-password", R"({"email":"user@example.test"})").status, 200);
  ASSERT_EQ(codesTold_.size(), 1U);
  const std::string body = R"({"password":"newer","code":")" + codesTold_[0] + "\"}";
  EXPECT_EQ(ask(Method::kPost, "/user/forgot-password/reset", body).status, 200);
  EXPECT_EQ(ask(Method::kPost, "/user/forgot-password/reset", body).status, 400);
  EXPECT_EQ(ask(Method::kPost, "/user/auth", R"({"username":"user@example.test","password":"newer"})").status, 200);
}

TEST_F(AccessRoutesTest, UsersAreListedChangedAndRemoved) {
  Response reply = ask(Method::kGet, "/users?filter=scope:admin&projection=email", "", admin_);
  EXPECT_EQ(reply.body, R"([{"email":"admin@example.test"}])");
  EXPECT_EQ(ask(Method::kGet, "/users/count", "", admin_).body, R"({"count":2})");
  reply = ask(Method::kPut, "/users/" + userId_, R"({"vendor":"acme","userId":"x","metadata":null})", admin_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(json::write(*object(reply).if_contains("vendor")), R"(["acme"])");
  EXPECT_TRUE(object(ask(Method::kGet, "/users/" + userId_, "", admin_)).if_contains("metadata")->is_null());
  const std::string self = json::getString(object(ask(Method::kGet, "/user", "", admin_)), "id");
  EXPECT_EQ(ask(Method::kDelete, "/users/" + self, "", admin_).status, 409);
  const Response begun = ask(Method::kDelete, "/users/" + userId_, "", admin_);
  ASSERT_EQ(begun.status, 200);
  const std::string status = "/users/" + userId_ + "/delete-status/" + json::getString(object(begun), "ticket");
  while (json::getString(object(ask(Method::kGet, status, "", admin_)), "status") == "in-progress") {
    std::this_thread::yield();
  }
  EXPECT_EQ(json::getString(object(ask(Method::kGet, status, "", admin_)), "status"), "completed");
  EXPECT_EQ(ask(Method::kGet, "/user", "", user_).status, 404);
  EXPECT_EQ(ask(Method::kGet, "/accounts", "", user_).status, 401);
}

TEST_F(AccessRoutesTest, ConfigurationKeepsTheJsonItWasGiven) {
  EXPECT_EQ(ask(Method::kPost, "/config", R"({"key":"A","value":"60000"})", admin_).body, R"({"key":"A","value":"60000"})");
  EXPECT_EQ(ask(Method::kPost, "/config", R"({"value":1})", admin_).status, 400);
  EXPECT_EQ(ask(Method::kGet, "/config", "", admin_).body,
            R"([{"key":"A","value":"60000"},{"key":"API_USER_CREATE_SCOPE","value":"admin"}])");
  EXPECT_EQ(ask(Method::kDelete, "/config/A", "", admin_).body, R"({"ok":true})");
  EXPECT_EQ(ask(Method::kDelete, "/config/A", "", admin_).status, 404);
}

TEST_F(AccessRoutesTest, ServiceConfigurationIsAnUpsertByBothVerbs) {
  EXPECT_EQ(ask(Method::kPost, "/service-config", R"({"serviceId":"acme:x","clientId":"1","on":true})", admin_).body,
            R"({"serviceId":"acme:x","clientId":"1","on":true})");
  EXPECT_EQ(ask(Method::kPut, "/service-config/acme%3Ay", R"({"k":"v"})", admin_).body, R"({"serviceId":"acme:y","k":"v"})");
  EXPECT_EQ(ask(Method::kPut, "/service-config/acme:y", R"({"serviceId":"acme:z"})", admin_).status, 400);
  EXPECT_EQ(ask(Method::kGet, "/service-config?pattern=y&sort=serviceId:1", "", admin_).body,
            R"([{"serviceId":"acme:y","k":"v"}])");
  EXPECT_EQ(ask(Method::kDelete, "/service-config/acme:y", "", admin_).body, "{}");
  EXPECT_EQ(ask(Method::kGet, "/service-config/acme:y", "", admin_).status, 404);
}

TEST_F(AccessRoutesTest, RulesAreEchoedAndNullMeansNone) {
  EXPECT_EQ(ask(Method::kGet, "/acl-types", "", admin_).body, R"(["routes","components"])");
  EXPECT_EQ(ask(Method::kGet, "/acl/unknown", "", admin_).status, 404);
  const std::string rules = R"([{"role":"r","resource":"x.*","action":["*"],"attributes":["*"]}])";
  EXPECT_EQ(ask(Method::kPost, "/acl/components", rules, admin_).body, rules);
  EXPECT_EQ(ask(Method::kPost, "/acl/routes", "null", admin_).body, "[]");
  EXPECT_EQ(ask(Method::kGet, "/acl/routes", "", admin_).body, "[]");  // the admin is not locked out
  EXPECT_EQ(ask(Method::kGet, "/acl/routes/resources", "", admin_).body, R"(["*","flows"])");
  EXPECT_EQ(ask(Method::kGet, "/acl/components/resource/a.b.%2A/attributes", "", admin_).body,
            R"(["*","non-private","private"])");
}

TEST_F(AccessRoutesTest, ChangesLeaveAnEntryThatHoldsNoValue) {
  const std::string adminId = json::getString(object(ask(Method::kGet, "/user", "", admin_)), "id");
  EXPECT_EQ(ask(Method::kGet, "/audit", "", admin_).body, "[]");
  ask(Method::kPost, "/config", R"({"key":"MAIL_SMTP_PASS","value":"hidden value"})", admin_);
  ask(Method::kDelete, "/config/MAIL_SMTP_PASS", "", admin_);
  ask(Method::kDelete, "/config/MAIL_SMTP_PASS", "", admin_);  // there is none: no change
  ask(Method::kPost, "/service-config", R"({"serviceId":"acme:x","clientSecret":"hidden value"})", admin_);
  ask(Method::kDelete, "/service-config/acme:x", "", admin_);
  ask(Method::kPost, "/acl/components", "[]", admin_);
  ask(Method::kPost, "/acl/components", "[1]", admin_);  // refused
  const Response made = ask(Method::kPost, "/user", R"({"email":"new@example.test","password":"hidden value"})", admin_);
  const std::string newId = json::getString(object(made), "userId");
  ask(Method::kPut, "/users/" + newId, R"({"scope":["user","admin"]})", admin_);
  ask(Method::kDelete, "/users/" + newId, "", admin_);
  const std::string all = ask(Method::kGet, "/audit?projection=action,resource,name", "", admin_).body;
  EXPECT_EQ(all, R"([{"action":"remove","resource":"user","name":")" + newId + R"("},)"
                 R"({"action":"change","resource":"user","name":")" + newId + R"("},)"
                 R"({"action":"create","resource":"user","name":")" + newId + R"("},)"
                 R"({"action":"change","resource":"acl","name":"components"},)"
                 R"({"action":"remove","resource":"service-configuration","name":"acme:x"},)"
                 R"({"action":"change","resource":"service-configuration","name":"acme:x"},)"
                 R"({"action":"remove","resource":"configuration","name":"MAIL_SMTP_PASS"},)"
                 R"({"action":"change","resource":"configuration","name":"MAIL_SMTP_PASS"}])");
  const std::string whole = ask(Method::kGet, "/audit?filter=resource:acl", "", admin_).body;
  EXPECT_EQ(whole, R"([{"id":"5","at":"2026-02-25T06:13:20.000Z","userId":")" + adminId +
                       R"(","action":"change","resource":"acl","name":"components","from":null,"to":null,)"
                       R"("ticket":null,"ip":"127.0.0.1","outcome":"completed"}])") << clock_.millis;
  EXPECT_EQ(ask(Method::kGet, "/audit", "", admin_).body.find("hidden value"), std::string::npos);
  EXPECT_EQ(ask(Method::kGet, "/audit/count?filter=resource:user&filter=action:!remove", "", admin_).body, R"({"count":2})");
  EXPECT_EQ(ask(Method::kGet, "/audit?filter=name:acme:x&limit=1&offset=1&projection=action", "", admin_).body,
            R"([{"action":"change"}])");
  EXPECT_EQ(ask(Method::kGet, "/audit?limit=0", "", admin_).body, "[]");
}

TEST_F(AccessRoutesTest, RolesAreThoseInUseAndThoseOfRules) {
  ask(Method::kPost, "/acl/components", R"([{"role":"@example.test","resource":"*","action":["*"]},{"role":"tester","resource":"*","action":["*"]}])", admin_);
  ask(Method::kPost, "/acl/routes", R"([{"role":"User@Example.test","resource":"*","action":["*"]}])", admin_);
  EXPECT_EQ(ask(Method::kGet, "/roles", "", admin_).body,
            R"([{"role":"@example.test","users":2},{"role":"User@Example.test","users":1},{"role":"admin","users":1},{"role":"tester","users":0},{"role":"user","users":2}])");
}

TEST_F(AccessRoutesTest, ModifiersAreServedReplacedDeletedAndTried) {
  EXPECT_EQ(ask(Method::kGet, "/modifiers", "", user_).body, R"({"categories":{},"modifiers":{"g_x":{}}})");
  const std::string mine = R"({"modifiers":{"mine":{"label":"x"}},"categories":{}})";
  EXPECT_EQ(ask(Method::kPut, "/modifiers", mine, admin_).body, mine);
  EXPECT_EQ(ask(Method::kPut, "/modifiers", "{}", admin_).status, 400);
  EXPECT_EQ(ask(Method::kGet, "/modifiers", "", user_).body, mine);
  EXPECT_EQ(ask(Method::kDelete, "/modifiers", "", admin_).body, "{}");
  EXPECT_EQ(ask(Method::kGet, "/modifiers", "", user_).status, 404);
  EXPECT_EQ(changed_, (std::vector<std::string>{mine, ""}));
  EXPECT_EQ(ask(Method::kPost, "/modifiers/test", R"({"helperFn":"f","arguments":[1]})", user_).body, "4");
  const Response nothing = ask(Method::kPost, "/modifiers/test", R"({"helperFn":"f"})", user_);
  EXPECT_EQ(nothing.status, 400);
  EXPECT_EQ(json::getString(object(nothing), "message"), "The function returned \"undefined\".");
  const Response mapped =
      ask(Method::kPost, "/modifiers/transform",
          R"({"transform":{"lambda":{"a":"{{{x}}}"}},"scope":{"c":{"out":1}}})", user_);
  EXPECT_EQ(mapped.body, R"({"a":1})");
  EXPECT_TRUE(transformed_.starts_with(
      R"("transform":{"lambda":{"a":"{{{x}}}"}},"content":{},"scope":{"c":{"out":1}},"env":{)"))
      << transformed_;
  EXPECT_EQ(ask(Method::kPost, "/modifiers/transform", "{}", user_).status, 400);
  EXPECT_EQ(
      ask(Method::kPost, "/modifiers/transform", R"({"transform":{},"scope":[]})", user_).status,
      400);
}

TEST_F(AccessRoutesTest, TheServerSaysWhatItIsAndWhatItCan) {
  EXPECT_EQ(ask(Method::kGet, "/").body,
            R"({"name":"patchbay","version":"6.4.0","patchbay":"0.1.0","status":"ok","url":"http://x"})");
  const json::object document = object(ask(Method::kGet, "/openapi.json"));
  const json::object& paths = json::getObject(document, "paths");
  EXPECT_NE(paths.if_contains("/users/{userId}/delete-status/{ticket}"), nullptr);
  std::size_t operations = 0;
  for (const auto& [path, item] : paths) {
    operations += item.as_object().size();
  }
  EXPECT_EQ(operations, router_.routes().size());
}

}  // namespace
}  // namespace patchbay::http
