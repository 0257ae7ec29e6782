#include "accounts/accounts.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "store/flows.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::accounts {
namespace {

using base::Code;

class TestClock : public base::Clock {
 public:
  base::Time now() const override { return base::fromMillis(millis); }
  std::int64_t millis = 1'772'000'000'000;
};

// Answers as the connector's auth.js would.
class ScriptedRunner : public AuthRunner {
 public:
  void start(AuthRequest request, Told told) override { told(run(std::move(request))); }
  base::Result<json::value> run(AuthRequest request) override {
    asked.push_back(request.op);
    if (failure) {
      return *failure;
    }
    if (request.op == "validate") {
      if (json::getString(request.data, "apiKey", "good") != "good") {
        return json::value(json::object{{"valid", false}, {"message", "no such key"}});
      }
      json::object valid{{"valid", true}};
      if (!expires.empty()) {
        valid["token"] = "session-" + std::to_string(asked.size());
        valid["expires"] = expires;
      }
      return json::value(valid);
    }
    if (request.op == "profile") {
      return json::value(json::object{{"profileInfo", json::object{{"email", "ops@acme.test"}}}});
    }
    const json::value* email = request.profileInfo ? json::find(*request.profileInfo, "email") : nullptr;
    return email == nullptr ? base::Result<json::value>(base::fail(Code::kInvalid, "no name"))
                            : json::value(json::object{{"name", *email}});
  }
  std::vector<std::string> asked;
  std::optional<base::Error> failure;
  std::string expires;
};

// Reads fail when asked to.
class StoreWithBadReads : public store::Store {
 public:
  explicit StoreWithBadReads(store::Store& real) : real_(real) {}
  void submit(store::Unit unit, store::Done done) override { real_.submit(std::move(unit), std::move(done)); }
  base::Status read(const std::function<void(store::Transaction&)>& reader) override {
    return fails ? base::Status(base::fail(Code::kStoreFailed, "The disk did not answer.")) : real_.read(reader);
  }
  store::CommitCounts counts() const override { return real_.counts(); }
  store::StoreFaults faults() const override { return real_.faults(); }
  bool fails = false;

 private:
  store::Store& real_;
};

connectors::Component component(std::string name, std::string authService) {
  connectors::Component made;
  made.name = std::move(name);
  made.authService = std::move(authService);
  made.configService = "acme:invoices";
  return made;
}

connectors::AuthModule module(std::string service, std::string type, std::string loadError = "") {
  connectors::AuthModule made;
  made.service = std::move(service);
  made.type = std::move(type);
  made.loadError = std::move(loadError);
  return made;
}

class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() {
    folder_ = std::filesystem::temp_directory_path() / ("accounts-test-" + base::newUuid(random_));
    store::SqliteOptions options;
    options.folder = folder_;
    auto opened = store::openSqlite(options);
    EXPECT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    auto sealer = Sealer::open(std::string(64, 'a'), folder_ / "secret.key", random_);
    EXPECT_TRUE(sealer);
    sealer_ = std::make_unique<Sealer>(*sealer);
    configuration_ = std::make_unique<ServiceConfiguration>(*store_, *sealer_);
    EXPECT_TRUE(configuration_->load());
    install();
    reads_ = std::make_unique<StoreWithBadReads>(*store_);
    accounts_ = std::make_unique<Accounts>(Accounts::Parts{
        *reads_, registry_, *sealer_, *configuration_, runner_, random_, clock_});
    addFlow("flow1", "ann", {{"c1", "acme.invoices.core.Make"}, {"c2", "acme.invoices.core.Plain"}});
  }
  ~AccountsTest() override {
    accounts_.reset();
    configuration_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void install() {
    auto revision = std::make_shared<connectors::Revision>();
    revision->id = "acme.invoices/1.0.0-00000000";
    revision->bundle = "acme.invoices";
    revision->components = {component("acme.invoices.core.Make", "acme:invoices"),
                            component("acme.invoices.core.Plain", ""),
                            component("acme.office.mail.Send", "acme:office")};
    revision->auths = {module("acme:invoices", "apiKey"), module("acme:office", "oauth2"),
                       module("acme:broken", "apiKey", "syntax error"), module("acme:db", "pwd")};
    connectors::App app;
    app.name = "acme.invoices";
    app.label = "Acme Invoices";
    app.icon = "data:x";
    revision->apps = {app};
    registry_.add(revision);
    registry_.setCurrent(revision->id);
  }

  void addFlow(const std::string& flowId, const std::string& userId,
               const std::vector<std::pair<std::string, std::string>>& components) {
    ASSERT_TRUE(store_->write([&](store::Transaction& rows) -> base::Status {
      store::FlowRecord flow;
      flow.flowId = flowId;
      flow.userId = userId;
      flow.name = "Flow " + flowId;
      flow.stage = "stopped";
      flow.document = "{}";
      rows.flows().put(flow);
      std::vector<store::FlowComponentRecord> all;
      for (const auto& [componentId, type] : components) {
        all.push_back({flowId, componentId, type});
      }
      rows.flows().setComponents(flowId, all);
      return {};
    }));
  }

  base::Result<json::object> create(json::object body, std::string user = "ann") {
    if (!body.contains("service")) {
      body["service"] = "acme:invoices";
    }
    if (!body.contains("token")) {
      body["token"] = json::object{{"apiKey", "good"}};
    }
    return accounts_->create(user, body, {});
  }
  std::string createdId(json::object body) {
    auto made = create(std::move(body));
    EXPECT_TRUE(made) << made.error().message;
    return made ? json::getString(*made, "accountId") : "";
  }
  std::shared_ptr<const CallAuth> authFor(const std::string& type, const std::string& componentId = "c1") {
    return accounts_->authFor("flow1", componentId, *registry_.find(type).component);
  }

  base::SystemRandom random_;
  TestClock clock_;
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<StoreWithBadReads> reads_;
  connectors::Registry registry_;
  ScriptedRunner runner_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<ServiceConfiguration> configuration_;
  std::unique_ptr<Accounts> accounts_;
};

TEST_F(AccountsTest, CreatesValidatesAndNamesFromTheProfile) {
  const auto made = create({{"displayName", "Billing bot"}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(runner_.asked, (std::vector<std::string>{"validate", "profile", "accountName"}));
  EXPECT_EQ(json::getString(*made, "name"), "ops@acme.test");
  EXPECT_EQ(json::getString(*made, "displayName"), "Billing bot");
  EXPECT_EQ(json::getString(*made, "label"), "Acme Invoices");
  EXPECT_EQ(json::write(json::value(json::getObject(*made, "profileInfo"))), R"({"email":"ops@acme.test"})");
  EXPECT_FALSE(json::getBool(*made, "revoked", true));
  EXPECT_EQ(json::write(json::value(*made)).find("good"), std::string::npos);
}

TEST_F(AccountsTest, TokensAndProfilesMayBeJsonInsideText) {
  const auto made = create({{"token", R"({"apiKey":"good"})"}, {"profileInfo", R"({"x":1})"}, {"displayName", "TF"}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(json::getString(*made, "name"), "TF");  // its profile has no name
  EXPECT_EQ(runner_.asked, (std::vector<std::string>{"validate", "accountName"}));
}

TEST_F(AccountsTest, AnAccountThatCouldNotBeReadIsReadAgain) {
  ASSERT_TRUE(accounts_->assign("ann", "c1", createdId({}), ""));
  reads_->fails = true;
  const auto unread = authFor("acme.invoices.core.Make");
  EXPECT_TRUE(unread->isUnread);
  EXPECT_NE(unread->problem.find("could not be read"), std::string::npos);
  reads_->fails = false;
  const auto read = authFor("acme.invoices.core.Make");
  EXPECT_FALSE(read->isUnread);
  EXPECT_EQ(read->problem, "");
}

TEST_F(AccountsTest, WrongCredentialsSayTheWordsThatClientsLookFor) {
  const auto refused = create({{"token", json::object{{"apiKey", "bad"}}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_NE(refused.error().message.find("Invalid credentials"), std::string::npos);
  EXPECT_TRUE(accounts_->list("ann")->empty());
}

TEST_F(AccountsTest, WhatCannotSignInIsRefusedWithItsReason) {
  EXPECT_EQ(create({{"service", "acme:nothing"}}).error().code, Code::kNotFound);
  EXPECT_EQ(create({{"service", "acme:broken"}}).error().code, Code::kComponentBroken);
  const auto oauth = create({{"service", "acme:office"}});
  ASSERT_FALSE(oauth);
  EXPECT_NE(oauth.error().message.find("OAuth"), std::string::npos);
  EXPECT_EQ(create({{"token", 5}}).error().code, Code::kInvalid);
  runner_.failure = base::fail(Code::kWorkerLost, "gone");
  EXPECT_EQ(create({}).error().code, Code::kWorkerLost);
}

TEST_F(AccountsTest, TheSameAccountAgainIsUpdatedInPlace) {
  const std::string first = createdId({{"displayName", "A"}});
  EXPECT_EQ(createdId({{"displayName", "A"}, {"name", "another"}}), first);
  const std::string second = createdId({{"displayName", "B"}});
  EXPECT_NE(second, first);
  const std::string plain = createdId({{"name", "solo"}});
  EXPECT_EQ(createdId({{"name", "solo"}}), plain);
  EXPECT_EQ(accounts_->list("ann")->size(), 3U);
}

TEST_F(AccountsTest, OthersDoNotSeeIt) {
  const std::string id = createdId({});
  EXPECT_EQ(accounts_->get("bob", id).error().code, Code::kNotFound);
  EXPECT_EQ(accounts_->remove("bob", id).error().code, Code::kNotFound);
  EXPECT_EQ(accounts_->assign("bob", "c1", id, "").error().code, Code::kNotFound);
  EXPECT_TRUE(accounts_->list("bob")->empty());
}

TEST_F(AccountsTest, AssignsToComponentsOfItsServiceOnly) {
  const std::string id = createdId({});
  ASSERT_TRUE(accounts_->assign("ann", "c1", id, ""));
  EXPECT_EQ(json::write(json::value(*accounts_->ofFlow("ann", false, "flow1"))), "{\"c1\":\"" + id + "\"}");
  EXPECT_EQ(accounts_->assign("ann", "c2", id, "").error().code, Code::kInvalid);
  const auto missing = accounts_->assign("ann", "nowhere", id, "");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "Component not found in any of your flows");
  EXPECT_EQ(json::write(json::value(*accounts_->flowsOf("ann", id))), R"([{"flowId":"flow1","name":"Flow flow1"}])");
  const auto choices = accounts_->choices("ann", "acme.invoices.core.Make", "c1");
  ASSERT_TRUE(choices);
  EXPECT_NE(json::write(json::value(*choices)).find("\"componentAssigned\":true"), std::string::npos);
  EXPECT_EQ(choices->at("auth").at("service"), "acme:invoices");
  EXPECT_EQ(choices->at("auth").at("type"), "apiKey");
  EXPECT_TRUE(choices->at("auth").as_object().contains("fields"));
  EXPECT_EQ(*accounts_->profileField("ann", "c1", "email"), json::value("ops@acme.test"));
  ASSERT_TRUE(accounts_->unassign("ann", "c1", ""));
  EXPECT_EQ(json::write(json::value(*accounts_->ofFlow("ann", false, "flow1"))), R"({"c1":null})");
  EXPECT_EQ(accounts_->ofFlow("bob", false, "flow1").error().code, Code::kNotFound);
  EXPECT_TRUE(accounts_->ofFlow("bob", true, "flow1"));
}

TEST_F(AccountsTest, AComponentIdInTwoFlowsNeedsTheFlow) {
  addFlow("flow2", "ann", {{"c1", "acme.invoices.core.Make"}});
  const std::string id = createdId({});
  EXPECT_EQ(accounts_->assign("ann", "c1", id, "").error().code, Code::kConflict);
  EXPECT_TRUE(accounts_->assign("ann", "c1", id, "flow2"));
}

TEST_F(AccountsTest, CallsGetFieldsConfigurationAndProfile) {
  ASSERT_TRUE(configuration_->put("acme:invoices", {{"region", "eu"}}));
  EXPECT_EQ(authFor("acme.invoices.core.Plain", "c2")->authJson, R"({"region":"eu"})");
  EXPECT_FALSE(authFor("acme.invoices.core.Make")->problem.empty());
  const std::string id = createdId({});
  ASSERT_TRUE(accounts_->assign("ann", "c1", id, ""));
  const auto auth = authFor("acme.invoices.core.Make");
  EXPECT_TRUE(auth->problem.empty()) << auth->problem;
  const json::value members = json::parseOwn(auth->authJson);
  EXPECT_EQ(json::getString(members.as_object(), "apiKey"), "good");
  EXPECT_EQ(json::getString(members.as_object(), "region"), "eu");
  EXPECT_EQ(json::getString(members.as_object(), "userId"), "ann");
  EXPECT_EQ(auth->profileJson, R"({"email":"ops@acme.test"})");
  EXPECT_EQ(authFor("acme.invoices.core.Make"), auth);  // cached
  const auto stranger = accounts_->authFor("flow1", "c1", component("evil.spy.core.Steal", "evil:spy"));
  EXPECT_EQ(stranger->authJson.find("good"), std::string::npos) << "code of another service";
  EXPECT_FALSE(stranger->problem.empty());
  ASSERT_TRUE(configuration_->put("acme:invoices", {{"region", "us"}}));
  EXPECT_NE(authFor("acme.invoices.core.Make")->authJson.find("\"us\""), std::string::npos);
}

TEST_F(AccountsTest, ARecheckMarksTheAccountAndAGoodTestFreesIt) {
  const std::string id = createdId({{"displayName", "A"}});
  ASSERT_TRUE(accounts_->assign("ann", "c1", id, ""));
  ASSERT_TRUE(store_->write([&](store::Transaction& rows) -> base::Status {
    auto record = *rows.accounts().byId(id);
    auto secret = *Secret::unseal(*sealer_, record);
    secret.fields["apiKey"] = "bad";
    record.sealed = secret.seal(*sealer_, id);
    rows.accounts().put(record);
    return {};
  }));
  bool good = true;
  accounts_->recheck("flow1", "c1", [&good](bool still) { good = still; });
  EXPECT_FALSE(good);
  ASSERT_TRUE(store_->write([](store::Transaction&) -> base::Status { return {}; }));  // the mark is committed
  EXPECT_FALSE(authFor("acme.invoices.core.Make")->problem.empty());
  EXPECT_TRUE(json::getBool(*accounts_->get("ann", id), "revoked"));
  std::vector<std::string> flows;
  accounts_->onReconnect([&flows](const std::vector<std::string>& ids) { flows = ids; });
  EXPECT_EQ(createdId({{"displayName", "A"}}), id);
  EXPECT_EQ(flows, std::vector<std::string>{"flow1"});
  const auto tested = accounts_->test("ann", id);
  ASSERT_TRUE(tested);
  EXPECT_NE(json::write(json::value(*tested)).find("\"revoked\":false"), std::string::npos);
}

TEST_F(AccountsTest, APasswordsSessionIsRenewedBeforeItEnds) {
  runner_.expires = base::toIso(base::fromMillis(clock_.millis + 3'600'000));
  auto made = create({{"service", "acme:db"}, {"token", json::object{{"username", "u"}, {"password", "p"}}}});
  ASSERT_TRUE(made) << made.error().message;
  const std::string id = json::getString(*made, "accountId");
  ASSERT_TRUE(store_->write([&](store::Transaction& rows) -> base::Status {
    rows.accounts().assign({"flow1", "c1", id});
    return {};
  }));
  accounts_->forgetFlow("flow1");
  const auto database = component("acme.db.core.Query", "acme:db");
  const auto first = accounts_->authFor("flow1", "c1", database);
  EXPECT_NE(first->authJson.find("session-1"), std::string::npos);
  clock_.millis += 3'400'000;
  runner_.expires = base::toIso(base::fromMillis(clock_.millis + 3'600'000));
  accounts_->authFor("flow1", "c1", database);  // due: asks for a new one
  ASSERT_TRUE(store_->write([](store::Transaction&) -> base::Status { return {}; }));
  EXPECT_NE(accounts_->authFor("flow1", "c1", database)->authJson.find("session-4"), std::string::npos);
}

TEST_F(AccountsTest, RemovingStopsTheFlowsThatUseIt) {
  const std::string id = createdId({});
  ASSERT_TRUE(accounts_->assign("ann", "c1", id, ""));
  std::vector<std::string> stopped;
  accounts_->onRemove([&stopped](const std::string& flowId, const std::string&) -> base::Status {
    stopped.push_back(flowId);
    return {};
  });
  ASSERT_TRUE(accounts_->remove("ann", id));
  EXPECT_EQ(stopped, std::vector<std::string>{"flow1"});
  EXPECT_FALSE(authFor("acme.invoices.core.Make")->problem.empty());
  EXPECT_EQ(accounts_->get("ann", id).error().code, Code::kNotFound);
}

TEST_F(AccountsTest, ServiceConfigurationIsSealedAndSurvives) {
  ASSERT_TRUE(configuration_->put("acme:invoices", {{"serviceId", "acme:invoices"}, {"clientSecret", "hush"}, {"n", true}}));
  EXPECT_EQ(json::write(json::value(configuration_->get("acme:invoices"))), R"({"clientSecret":"hush","n":true})");
  ServiceConfiguration again(*store_, *sealer_);
  ASSERT_TRUE(again.load());
  EXPECT_EQ(again.get("acme:invoices"), configuration_->get("acme:invoices"));
  const auto other = Sealer::open(std::string(64, 'b'), folder_ / "x", random_);
  ServiceConfiguration locked(*store_, *other);
  EXPECT_FALSE(locked.load());
  EXPECT_EQ(configuration_->erase("nothing").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace patchbay::accounts
