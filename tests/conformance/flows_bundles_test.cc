#include "store/attention.h"
#include "store/bundles.h"
#include "store/flow_versions.h"
#include "store/flows.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(Flows);
PATCHBAY_STORE_SUITE(FlowVersions);
PATCHBAY_STORE_SUITE(Bundles);

namespace {

FlowRecord flow(std::string id, std::string user, std::int64_t mtime) {
  FlowRecord record;
  record.flowId = std::move(id);
  record.userId = std::move(user);
  record.name = "A flow";
  record.stage = "stopped";
  record.document = R"({"z":1,"a":2})";
  record.runId = 3;
  record.btime = 1;
  record.mtime = mtime;
  record.version = 8;
  return record;
}

std::vector<std::string> idsOf(const std::vector<FlowRecord>& flows) {
  std::vector<std::string> ids;
  for (const FlowRecord& record : flows) {
    ids.push_back(record.flowId);
  }
  return ids;
}

RevisionRecord revision(std::string id, std::string bundle, std::int64_t installedAt) {
  return {std::move(id), std::move(bundle), "1.0.0", "{}", installedAt, false, false, 0};
}

FlowVersionRecord version(std::string id, std::string flowId, std::string type = "update") {
  return {std::move(id), std::move(flowId), 0, std::move(type), "L", 7, R"({"a":{}})"};
}

std::vector<std::string> idsOf(const std::vector<FlowVersionRecord>& versions) {
  std::vector<std::string> ids;
  for (const FlowVersionRecord& record : versions) {
    ids.push_back(record.versionId);
  }
  return ids;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_P(Flows, ComeNewestFirst) {
  write([](Transaction& t) {
    t.flows().put(flow("f1", "u1", 10));
    t.flows().put(flow("f2", "u1", 30));
    t.flows().put(flow("f3", "u2", 20));
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.flows().all(); })), (Texts{"f2", "f3", "f1"}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.flows().byUser("u1"); })), (Texts{"f2", "f1"}));
  const auto found = read([](Transaction& t) { return t.flows().byId("f1"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->document, R"({"z":1,"a":2})");
  EXPECT_EQ(found->version, 8);
  EXPECT_EQ(found->runId, 3);
  const auto summary = read([](Transaction& t) { return t.flows().summary("f1"); });
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->document, "");
  EXPECT_EQ(summary->userId, "u1");
  EXPECT_EQ(summary->mtime, 10);
  EXPECT_FALSE(read([](Transaction& t) { return t.flows().summary("none"); }).has_value());
}

TEST_P(Flows, AreFoundByTheFlowTheyName) {
  write([](Transaction& t) {
    FlowRecord instance = flow("f1", "u1", 10);
    instance.document = R"({"templateId":"t1","originFlowId":null,"flow":{}})";
    t.flows().put(instance);
    FlowRecord copy = flow("f2", "u1", 10);
    copy.document = R"({"originFlowId":"t1","name":"t1","flow":{"t1":{}}})";
    t.flows().put(copy);
    t.flows().put(flow("f3", "u1", 10));
  });
  EXPECT_EQ(read([](Transaction& t) { return t.flows().naming(FlowReference::kTemplate, "t1"); }),
            (Texts{"f1"}));
  EXPECT_EQ(read([](Transaction& t) { return t.flows().naming(FlowReference::kOrigin, "t1"); }),
            (Texts{"f2"}));
  EXPECT_TRUE(
      read([](Transaction& t) { return t.flows().naming(FlowReference::kTemplate, "t"); }).empty());
}

TEST_P(FlowVersions, AreNumberedWithinTheirFlow) {
  write([](Transaction& t) {
    EXPECT_EQ(t.flowVersions().add(version("v1", "f1")), 1);
    EXPECT_EQ(t.flowVersions().add(version("v2", "f1")), 2);
    EXPECT_EQ(t.flowVersions().add(version("w1", "f2")), 1);
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.flowVersions().list("f1", 0, 10); })),
            (Texts{"v2", "v1"}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.flowVersions().list("f1", 1, 1); })),
            (Texts{"v1"}));
  EXPECT_EQ(read([](Transaction& t) { return t.flowVersions().count("f1"); }), 2);
  const auto found = read([](Transaction& t) { return t.flowVersions().byId("f1", "v2"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->descriptor, R"({"a":{}})");
  EXPECT_EQ(found->label, "L");
  EXPECT_EQ(found->btime, 7);
  EXPECT_FALSE(read([](Transaction& t) { return t.flowVersions().byId("f2", "v2"); }).has_value());
  EXPECT_EQ(read([](Transaction& t) { return t.flowVersions().newest("f1"); })->number, 2);
}

TEST_P(FlowVersions, AreTrimmedByGroupAndKeepTheirNumbers) {
  write([](Transaction& t) {
    for (const char* id : {"a", "b", "c"}) {
      t.flowVersions().add(version(id, "f1"));
      t.flowVersions().add(version(std::string("m") + id, "f1", "manual"));
    }
    t.flowVersions().add(version("other", "f2"));
    t.flowVersions().trim("f1", VersionGroup::kAutomatic, 1);
    t.flowVersions().trim("f1", VersionGroup::kManual, 2);
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.flowVersions().list("f1", 0, 10); })),
            (Texts{"mc", "c", "mb"}));
  write([](Transaction& t) {
    EXPECT_EQ(t.flowVersions().add(version("d", "f1")), 7);
    t.flowVersions().eraseFlow("f1");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.flowVersions().count("f1"); }), 0);
  EXPECT_EQ(read([](Transaction& t) { return t.flowVersions().count("f2"); }), 1);
}

TEST_P(Flows, SetStageLeavesTheDocument) {
  write([](Transaction& t) {
    t.flows().put(flow("f1", "u1", 10));
    t.flows().setStage("f1", "running", 4, 111, 0);
  });
  const auto found = read([](Transaction& t) { return t.flows().byId("f1"); });
  EXPECT_EQ(found->stage, "running");
  EXPECT_EQ(found->runId, 4);
  EXPECT_EQ(found->started, 111);
  EXPECT_EQ(found->document, R"({"z":1,"a":2})");
  const auto running = read([](Transaction& t) { return t.flows().byStage("running"); });
  ASSERT_EQ(running.size(), 1u);
  EXPECT_EQ(running[0].document, "");
  EXPECT_EQ(running[0].name, "A flow");
}

TEST_P(Flows, EraseTakesComponentsAndPins) {
  write([](Transaction& t) {
    for (const char* id : {"f1", "f2"}) {
      t.flows().put(flow(id, "u1", 10));
      t.flows().setComponents(id, {{id, "c1", "a.b.c.D"}, {id, "c2", "a.b.c.E"}});
      t.flows().setPins(id, {{id, "a.b", "a.b/1.0.0-x", true}});
    }
    t.flows().setComponents("f2", {{"f2", "c1", "a.b.c.F"}});
    t.flows().erase("f1");
  });
  EXPECT_FALSE(read([](Transaction& t) { return t.flows().byId("f1"); }).has_value());
  EXPECT_TRUE(read([](Transaction& t) { return t.flows().components("f1"); }).empty());
  const auto left = read([](Transaction& t) { return t.flows().allComponents(); });
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].type, "a.b.c.F");
  EXPECT_EQ(read([](Transaction& t) { return t.flows().componentsById("c1"); }).size(), 1u);
  const auto pins = read([](Transaction& t) { return t.flows().allPins(); });
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_EQ(pins[0].flowId, "f2");
  EXPECT_EQ(pins[0].revision, "a.b/1.0.0-x");
  EXPECT_TRUE(pins[0].sideBySide);
  EXPECT_EQ(read([](Transaction& t) { return t.flows().pins("f2"); }).size(), 1u);
}

TEST_P(Bundles, AtMostOneRevisionIsCurrent) {
  write([](Transaction& t) {
    t.bundles().insert(revision("a/1", "a", 1));
    t.bundles().insert(revision("a/2", "a", 2));
    t.bundles().insert(revision("b/1", "b", 1));
    t.bundles().setCurrent("a", "a/1", 50);
    t.bundles().setCurrent("b", "b/1", 50);
    t.bundles().setCurrent("a", "a/2", 50);
  });
  const auto first = read([](Transaction& t) { return t.bundles().byId("a/1"); });
  EXPECT_FALSE(first->current);
  EXPECT_TRUE(first->trashed);
  EXPECT_TRUE(read([](Transaction& t) { return t.bundles().byId("a/2"); })->current);
  EXPECT_TRUE(read([](Transaction& t) { return t.bundles().byId("b/1"); })->current);
  write([](Transaction& t) { t.bundles().setCurrent("a", "a/1", 50); });
  const auto back = read([](Transaction& t) { return t.bundles().byId("a/1"); });
  EXPECT_TRUE(back->current);
  EXPECT_FALSE(back->trashed);
}

TEST_P(Bundles, ClearingTrashesAllOfTheBundle) {
  write([](Transaction& t) {
    t.bundles().insert(revision("a/1", "a", 1));
    t.bundles().insert(revision("b/1", "b", 1));
    t.bundles().setCurrent("a", "a/1", 50);
    t.bundles().setCurrent("b", "b/1", 50);
    t.bundles().clearCurrent("a", 60);
  });
  const auto revisions = read([](Transaction& t) { return t.bundles().all(); });
  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_EQ(revisions[0].id, "a/1");
  EXPECT_TRUE(revisions[0].trashed);
  EXPECT_FALSE(revisions[0].current);
  EXPECT_TRUE(revisions[1].current);
}

TEST_P(Bundles, InsertReplacesTheSameIdAndEraseRemoves) {
  write([](Transaction& t) {
    t.bundles().insert(revision("a/1", "a", 1));
    RevisionRecord again = revision("a/1", "a", 7);
    again.document = R"({"x":1})";
    t.bundles().insert(again);
  });
  const auto revisions = read([](Transaction& t) { return t.bundles().all(); });
  ASSERT_EQ(revisions.size(), 1u);
  EXPECT_EQ(revisions[0].document, R"({"x":1})");
  EXPECT_EQ(revisions[0].installedAt, 7);
  write([](Transaction& t) { t.bundles().erase("a/1"); });
  EXPECT_TRUE(read([](Transaction& t) { return t.bundles().all(); }).empty());
}

TEST_P(Bundles, RememberWhenTheyWereTrashed) {
  write([](Transaction& t) {
    t.bundles().insert(revision("a/1", "a", 1));
    t.bundles().insert(revision("a/2", "a", 2));
    t.bundles().setCurrent("a", "a/1", 10);
    t.bundles().setCurrent("a", "a/2", 20);
    t.bundles().clearCurrent("a", 30);
  });
  read([](Transaction& t) {
    EXPECT_EQ(t.bundles().byId("a/1")->trashedAt, 20);
    EXPECT_EQ(t.bundles().byId("a/2")->trashedAt, 30);
    EXPECT_FALSE(t.bundles().isCurrent("a/2"));
  });
  write([](Transaction& t) { t.bundles().setCurrent("a", "a/1", 40); });
  read([](Transaction& t) {
    EXPECT_EQ(t.bundles().byId("a/1")->trashedAt, 0);
    EXPECT_FALSE(t.bundles().byId("a/1")->trashed);
    EXPECT_TRUE(t.bundles().isCurrent("a/1"));
    EXPECT_FALSE(t.bundles().isCurrent("a/3"));
  });
}

TEST_P(Flows, AreFoundByTheTypesTheyUse) {
  write([](Transaction& t) {
    t.flows().setComponents("f1", {{"f1", "c1", "a.b.c.D"}, {"f1", "c2", "a.b.c.E"}});
    t.flows().setComponents("f2", {{"f2", "c1", "a.b.c.D"}});
  });
  read([](Transaction& t) {
    EXPECT_EQ(t.flows().componentTypes(), (Texts{"a.b.c.D", "a.b.c.E"}));
    const auto rows = t.flows().componentsByType("a.b.c.D");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].flowId, "f1");
    EXPECT_EQ(rows[1].flowId, "f2");
    EXPECT_TRUE(t.flows().componentsByType("a.b.c").empty());
  });
  write([](Transaction& t) {
    t.flows().erase("f1");
    t.flows().erase("f2");
  });
  read([](Transaction& t) { EXPECT_TRUE(t.flows().componentTypes().empty()); });
}

TEST_P(Flows, MovePinsButThoseSideBySide) {
  write([](Transaction& t) {
    t.flows().setPins("f1", {{"f1", "a", "a/1", false}, {"f1", "b", "b/1", false}});
    t.flows().setPins("f2", {{"f2", "a", "a/1", true}});
    t.flows().movePins("a", "a/2");
  });
  read([](Transaction& t) {
    const auto pins = t.flows().pinsOfBundle("a");
    ASSERT_EQ(pins.size(), 2U);
    EXPECT_EQ(pins[0].revision, "a/2");
    EXPECT_EQ(pins[1].revision, "a/1");
    EXPECT_EQ(t.flows().pinsOfBundle("b").at(0).revision, "b/1");
  });
}

TEST_P(Flows, NeedAttentionUntilItIsCleared) {
  const auto put = [this](std::string flowId, std::string connector, std::string subject, std::string message) {
    write([&](Transaction& t) {
      t.attention().put({flowId, "fill-field", connector, "c1", subject, message, 5});
    });
  };
  write([](Transaction& t) { t.flows().put(flow("f1", "u", 1)); });
  put("f1", "a", "to", "Fill in To.");
  put("f1", "a", "to", "Fill in To, please.");
  put("f1", "b", "from", "Fill in From.");
  put("f2", "a", "to", "Fill in To.");
  read([](Transaction& t) {
    EXPECT_EQ(t.attention().flows(), (Texts{"f1", "f2"}));
    const auto rows = t.attention().ofFlow("f1");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].message, "Fill in From.");
    EXPECT_EQ(rows[1].message, "Fill in To, please.");
  });
  write([](Transaction& t) { t.attention().clear("f1", "a"); });
  read([](Transaction& t) { EXPECT_EQ(t.attention().ofFlow("f1").size(), 1U); });
  write([](Transaction& t) { t.flows().erase("f1"); });
  read([](Transaction& t) { EXPECT_EQ(t.attention().flows(), Texts{"f2"}); });
}

}  // namespace patchbay::store
