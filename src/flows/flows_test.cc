#include "flows/flows.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/json.h"
#include "flows/flow_document.h"
#include "flows/testing_registry.h"
#include "store/settings.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::flows {
namespace {

using boost::json::object;

class TestClock : public base::Clock {
 public:
  base::Time now() const override { return base::fromMillis(millis); }
  std::int64_t millis = 1'772'000'000'000;
};

access::Caller caller(std::string id, std::vector<std::string> scope = {"user"}) {
  return {id, id, id + "@example.test", std::move(scope), {}};
}

class FlowsTest : public ::testing::Test {
 protected:
  FlowsTest() {
    folder_ = std::filesystem::temp_directory_path() / ("flows-test-" + base::newUuid(random_));
    store::SqliteOptions options;
    options.folder = folder_;
    auto opened = store::openSqlite(options);
    EXPECT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    install(
        registry_, "acme.x",
        {component(
            R"({"name":"acme.x.y.Start","description":"s","version":"2.3.4","outPorts":["out"]})")});
    flows_ = std::make_unique<Flows>(*store_, registry_, clock_, random_);
  }
  ~FlowsTest() override {
    flows_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static object body(std::string_view text) { return json::parseOwn(text).as_object(); }
  std::string create(std::string_view text, const access::Caller& who) {
    auto id = flows_->create(who, body(text));
    EXPECT_TRUE(id) << (id ? "" : id.error().message);
    return id ? *id : "";
  }
  base::Result<Put> put(const std::string& id, std::string_view text, bool force = false) {
    return flows_->put(ann_, id, body(text), {.forceUpdate = force});
  }
  std::string member(const std::string& id, std::string_view name) {
    auto flow = flows_->get(ann_, id);
    const auto* found = flow ? json::find(*flow, name) : nullptr;
    return found == nullptr ? "absent" : json::write(*found);
  }
  void setStage(const std::string& id, std::string_view stage) {
    EXPECT_TRUE(store_->write([&](store::Transaction& rows) -> base::Status {
      rows.flows().setStage(id, stage, 7, 0, 0);
      return {};
    }));
  }
  std::vector<std::string> listed(const access::Caller& who,
                                  std::optional<std::string> userId = {}) {
    std::vector<std::string> names;
    FlowSelection selection;
    selection.userId = std::move(userId);
    auto all = flows_->list(who, selection);
    EXPECT_TRUE(all);
    for (const object& flow : *all) {
      names.push_back(json::getString(flow, "name"));
    }
    return names;
  }

  base::SystemRandom random_;
  TestClock clock_;
  connectors::Registry registry_;
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Flows> flows_;
  access::Caller ann_ = caller("ann"), bob_ = caller("bob"),
                 root_ = caller("root", {"user", "admin"});
};

TEST_F(FlowsTest, AFlowReadsBackAsWrittenButItsVersions) {
  const std::string id = create(
      R"({"stage":"draft","userId":"evil","name":"N","customFields":{"z":1,"a":true},"wizard":{"y":1,"b":2},
          "flow":{"q":{"version":"0.0.1","type":"acme.x.y.Start","z":[1.5,1e30,"ü"],"a":null},
                  "p":{"type":"gone.a.b.C","version":"9.9.9"},"o":{"type":"acme.x.y.Start"}}})",
      ann_);
  EXPECT_EQ(
      member(id, "flow"),
      R"({"q":{"version":"2.3.4","type":"acme.x.y.Start","z":[1.5,1e+30,"ü"],"a":null},)"
      R"("p":{"type":"gone.a.b.C","version":"9.9.9"},"o":{"type":"acme.x.y.Start","version":"2.3.4"}})");
  EXPECT_EQ(member(id, "customFields"), R"({"z":1,"a":true})");
  EXPECT_EQ(member(id, "wizard"), R"({"y":1,"b":2})");
  EXPECT_EQ(member(id, "stage"), R"("stopped")");
  EXPECT_EQ(member(id, "userId"), R"("ann")");
  EXPECT_EQ(member(id, "sharedWith"), "absent");
  EXPECT_EQ(member(id, "started"), "null");
}

TEST_F(FlowsTest, WhatGetReturnsIsAcceptedAgainAndSettles) {
  const std::string id =
      create(R"({"name":"N","description":null,"flow":{},"mode":"module"})", ann_);
  auto wire = flows_->get(ann_, id);
  ASSERT_TRUE(wire);
  const auto written = flows_->put(ann_, id, *wire);
  ASSERT_TRUE(written);
  (*wire)["mtime"] = base::toIso(base::fromMillis(written->mtime));
  EXPECT_EQ(json::write(*flows_->get(ann_, id)), json::write(*wire));
  EXPECT_EQ(json::write(flows_->list(ann_, {})->front()), json::write(*wire));
}

TEST_F(FlowsTest, AbsentStaysAbsentAndEmptyStaysEmpty) {
  const std::string bare = create(R"({"name":"bare","customFields":null,"sharedWith":null})", ann_);
  EXPECT_EQ(member(bare, "customFields"), "absent");
  EXPECT_EQ(member(bare, "sharedWith"), "absent");
  const std::string empty = create(R"({"name":"empty","customFields":{},"sharedWith":[]})", ann_);
  EXPECT_EQ(member(empty, "customFields"), "{}");
  EXPECT_EQ(member(empty, "sharedWith"), "[]");
}

TEST_F(FlowsTest, PutKeepsFieldsThatWereNotSent) {
  const std::string id =
      create(R"({"name":"N","customFields":{"a":1},"flow":{"q":{"type":"acme.x.y.Start"}}})", ann_);
  clock_.millis += 1000;
  auto written = put(id, R"({"name":"M","customFields":null})");
  ASSERT_TRUE(written);
  EXPECT_FALSE(written->created);
  EXPECT_EQ(member(id, "name"), R"("M")");
  EXPECT_EQ(member(id, "customFields"), R"({"a":1})");
  EXPECT_NE(member(id, "mtime"), member(id, "btime"));
}

TEST_F(FlowsTest, PutWritesOnlyOverWhatTheCallerExpects) {
  const std::string id = create(R"({"name":"N"})", ann_);
  const auto over = [&](std::int64_t mtime, std::string_view text) {
    return flows_->put(ann_, id, body(text), {.expected = [mtime](const store::FlowRecord* current) {
                         return current != nullptr && current->mtime == mtime;
                       }});
  };
  const auto first = put(id, R"({"name":"M"})");
  ASSERT_TRUE(first);
  const auto second = over(first->mtime, R"({"name":"O"})");  // in the same millisecond, perhaps
  ASSERT_TRUE(second);
  EXPECT_GT(second->mtime, first->mtime);
  const auto late = over(first->mtime, R"({"name":"P"})");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::Code::kChanged);
  EXPECT_EQ(member(id, "name"), R"("O")");
  const auto absent = flows_->put(ann_, "no-such-flow", body(R"({"name":"Q"})"),
                                  {.expected = [](const store::FlowRecord* current) { return current != nullptr; }});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, base::Code::kChanged);
}

TEST_F(FlowsTest, PutCreatesUnderTheIdGiven) {
  auto written = put("given-id", R"({"name":"N","type":"integration-draft"})");
  ASSERT_TRUE(written);
  EXPECT_TRUE(written->created);
  EXPECT_EQ(member("given-id", "type"), R"("integration-draft")");
  EXPECT_FALSE(put("../etc", "{}"));
  EXPECT_FALSE(put("", "{}"));
}

TEST_F(FlowsTest, ARunningFlowIsChangedOnlyByForce) {
  const std::string id = create(R"({"name":"N"})", ann_);
  setStage(id, "running");
  auto refused = put(id, R"({"name":"M"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kConflict);
  auto forced = put(id, R"({"name":"M"})", true);
  ASSERT_TRUE(forced);
  EXPECT_TRUE(forced->running);
  EXPECT_EQ(flows_->find(ann_, id, Right::kRead)->runId, 7);
  setStage(id, "stopping");
  EXPECT_FALSE(put(id, R"({"name":"L"})", true));
}

TEST_F(FlowsTest, AThumbnailMayChangeWhileItRuns) {
  const std::string id = create(R"({"name":"N"})", ann_);
  setStage(id, "running");
  clock_.millis += 1000;
  EXPECT_TRUE(flows_->setThumbnail(ann_, id, "data:x"));
  EXPECT_EQ(member(id, "thumbnail"), R"("data:x")");
  EXPECT_EQ(member(id, "mtime"), member(id, "btime"));
  EXPECT_FALSE(flows_->setThumbnail(bob_, id, "data:y"));
}

TEST_F(FlowsTest, ForeignFlowsAreHiddenOrForbidden) {
  const std::string id = create(R"({"name":"N"})", ann_);
  const auto codeOf = [&](const access::Caller& who) {
    return flows_->put(who, id, body("{}")).error().code;
  };
  EXPECT_EQ(flows_->get(bob_, id).error().code, base::Code::kNotFound);
  EXPECT_EQ(codeOf(bob_), base::Code::kConflict);
  ASSERT_TRUE(put(
      id,
      R"({"sharedWith":[{"email":"bob@example.test","permissions":["read"]},{"scope":"x","permissions":[]}]})"));
  EXPECT_EQ(codeOf(bob_), base::Code::kForbidden);
  EXPECT_EQ(flows_->remove(bob_, id).error().code, base::Code::kForbidden);
  EXPECT_EQ(json::write(*json::find(*flows_->get(bob_, id), "sharedWith")),
            R"([{"email":"bob@example.test","permissions":["read"]}])");
  EXPECT_TRUE(flows_->get(root_, id));
}

TEST_F(FlowsTest, ListsHoldOwnAndSharedFlowsNewestFirst) {
  create(R"({"name":"old"})", ann_);
  clock_.millis += 1000;
  const std::string shared = create(R"({"name":"shared"})", bob_);
  EXPECT_EQ(listed(ann_), (std::vector<std::string>{"old"}));
  ASSERT_TRUE(flows_->put(
      bob_, shared, body(R"({"sharedWith":[{"domain":"example.test","permissions":["read"]}]})")));
  clock_.millis += 1000;
  create(R"({"name":"new"})", ann_);
  EXPECT_EQ(listed(ann_), (std::vector<std::string>{"new", "shared", "old"}));
  EXPECT_EQ(listed(ann_, "ann"), (std::vector<std::string>{"new", "old"}));
  EXPECT_EQ(listed(ann_, "bob"), (std::vector<std::string>{"shared"}));
  EXPECT_EQ(listed(root_, "ann"), (std::vector<std::string>{"new", "old"}));
  ASSERT_TRUE(flows_->put(bob_, shared, body(R"({"sharedWith":[]})")));
  EXPECT_EQ(listed(ann_), (std::vector<std::string>{"new", "old"}));
}

TEST_F(FlowsTest, BrokenFieldsAreNamedAndChangeNothing) {
  const std::string id = create(R"({"name":"N"})", ann_);
  for (const std::string_view text :
       {R"({"name":5})", R"({"flow":[]})", R"({"customFields":[]})", R"({"sharedWith":{}})",
        R"({"flow":{"a":{"type":"x"}}})", R"({"thumbnail":1})"}) {
    auto refused = put(id, text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, base::Code::kInvalid);
  }
  EXPECT_EQ(member(id, "name"), R"("N")");
  EXPECT_EQ(flows_->find(ann_, id, Right::kRead)->version, 1);
}

TEST_F(FlowsTest, AFlowOverTheConfiguredSizeIsRefused) {
  ASSERT_TRUE(store_->write([](store::Transaction& rows) -> base::Status {
    rows.settings().put("config", "LIMIT_FLOW_UPDATE_BYTES", "200");
    return {};
  }));
  auto refused = flows_->create(ann_, body(R"({"name":")" + std::string(200, 'x') + R"("})"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kTooLarge);
}

TEST_F(FlowsTest, AFlowIsRemovedWithWhatHangsOnIt) {
  const std::string id = create(R"({"name":"N","flow":{"q":{"type":"acme.x.y.Start"}}})", ann_);
  setStage(id, "running");
  EXPECT_EQ(flows_->remove(ann_, id).error().code, base::Code::kConflict);
  setStage(id, "stopped");
  EXPECT_TRUE(flows_->remove(ann_, id));
  EXPECT_EQ(flows_->get(ann_, id).error().code, base::Code::kNotFound);
  EXPECT_EQ(flows_->flowOfComponent(ann_, "q").error().code, base::Code::kNotFound);
}

TEST_F(FlowsTest, AComponentIsFoundUnlessItStandsInSeveralFlows) {
  const std::string first = create(R"({"name":"1","flow":{"q":{"type":"acme.x.y.Start"}}})", ann_);
  EXPECT_EQ(*flows_->flowOfComponent(ann_, "q"), first);
  EXPECT_EQ(flows_->flowOfComponent(bob_, "q").error().code, base::Code::kNotFound);
  create(R"({"name":"2","flow":{"q":{"type":"acme.x.y.Start"}}})", ann_);
  EXPECT_EQ(flows_->flowOfComponent(ann_, "q").error().code, base::Code::kConflict);
}

TEST_F(FlowsTest, ACloneHasIdsOfItsOwnAndItsAccounts) {
  const std::string id = create(
      R"({"name":"N","description":"d","thumbnail":"t","flow":{"q":{"type":"acme.x.y.Start"}}})",
      ann_);
  ASSERT_TRUE(store_->write([&](store::Transaction& rows) -> base::Status {
    rows.accounts().assign({id, "q", "account"});
    return {};
  }));
  CloneOptions options;
  options.prefix = "Copy of ";
  options.without = {"thumbnail"};
  options.connectAccounts = true;
  options.isTemplateInstance = true;
  options.setOriginFlowId = true;
  auto clone = flows_->clone(ann_, id, options);
  ASSERT_TRUE(clone);
  EXPECT_EQ(member(*clone, "name"), R"("Copy of N")");
  EXPECT_EQ(member(*clone, "thumbnail"), "absent");
  EXPECT_EQ(member(*clone, "type"), R"("integration-instance")");
  EXPECT_EQ(member(*clone, "templateId"), "\"" + id + "\"");
  EXPECT_EQ(member(*clone, "originFlowId"), "\"" + id + "\"");
  const auto wire = flows_->get(ann_, *clone);
  const std::string newId(wire->at("flow").as_object().begin()->key());
  EXPECT_EQ(member(*clone, "componentIdMap"), R"({"q":")" + newId + "\"}");
  std::vector<store::AssignmentRecord> assigned;
  ASSERT_TRUE(
      store_->read([&](store::Transaction& rows) { assigned = rows.accounts().ofFlow(*clone); }));
  ASSERT_EQ(assigned.size(), 1U);
  EXPECT_EQ(assigned[0].componentId, newId);
}

TEST_F(FlowsTest, ACloneOfASharedFlowBelongsToTheOneWhoCloned) {
  const std::string id = create(
      R"({"name":"N","sharedWith":[{"email":"bob@example.test","permissions":["read"]}]})", ann_);
  CloneOptions options;
  options.without = {"sharedWith"};
  auto clone = flows_->clone(bob_, id, options);
  ASSERT_TRUE(clone);
  EXPECT_EQ(json::getString(*flows_->get(bob_, *clone), "userId"), "bob");
  EXPECT_EQ(flows_->get(ann_, *clone).error().code, base::Code::kNotFound);
  EXPECT_EQ(flows_->clone(caller("eve"), id, {}).error().code, base::Code::kNotFound);
}

TEST_F(FlowsTest, AStoredFlowLoadsIntoItsGraph) {
  const std::string id =
      create(R"({"name":"N","customFields":{"k":1},"flow":{"q":{"type":"acme.x.y.Start"}}})", ann_);
  auto loaded = loadFlow(*flows_->find(ann_, id, Right::kRead));
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->descriptor->nodes().size(), 1U);
  EXPECT_EQ(json::write(*(*loaded)->customFields()), R"({"k":1})");
  EXPECT_TRUE((*loaded)->record.document.empty());
}

}  // namespace
}  // namespace patchbay::flows
