// The routes of flows and unprocessed messages over a real store and a scripted engine, asked
// without a socket.
#include <gtest/gtest.h>

#include <algorithm>

#include "access/testing_access.h"
#include "base/json.h"
#include "flows/testing_registry.h"
#include "http/routes/flows.h"
#include "http/routes/unprocessed_messages.h"
#include "http/testing_routes.h"
#include "store/attention.h"
#include "store/flows.h"
#include "store/unprocessed.h"

namespace patchbay::http {
namespace {

class ScriptedEngine : public flows::Coordinator, public flows::UnprocessedReplay {
 public:
  explicit ScriptedEngine(store::Store& store) : store_(store) {}
  void start(const std::string& flowId, const access::Caller&, Told told) override {
    setStage(flowId, "running");
    end("start", std::move(told));
  }
  void stop(const std::string& flowId, flows::StopReason reason, flows::InProgressData,
            Told told) override {
    setStage(flowId, "stopped");
    end(reason == flows::StopReason::kOwner ? "stop by owner" : "stop by another", std::move(told));
  }
  void restartChanged(const std::string&, flows::InProgressData data, Told told) override {
    end(data == flows::InProgressData::kKeep ? "restart keep" : "restart delete", std::move(told));
  }
  void inject(flows::Injection injection, Told told) override {
    end("inject " + injection.componentId + "." + injection.inPort + " " + injection.content,
        std::move(told));
  }
  std::optional<flows::CommandStatus> status(const std::string&) override { return commandStatus; }
  void dropFlow(const std::string& flowId, Told told) override {
    setStage(flowId, "stopped");
    end("drop", std::move(told));
  }
  void retry(const std::string& messageId, std::function<void(base::Status)> told) override {
    end("retry " + messageId, std::move(told));
  }

  std::vector<std::string> done;
  std::optional<flows::CommandStatus> commandStatus;
  base::Status outcome;

 private:
  void end(std::string what, const Told& told) {
    done.push_back(std::move(what));
    told(outcome);
  }
  void setStage(const std::string& flowId, std::string_view stage) {
    EXPECT_TRUE(store_.write([&](store::Transaction& rows) -> base::Status {
      rows.flows().setStage(flowId, stage, 1, 0, 0);
      return {};
    }));
  }
  store::Store& store_;
};

class FlowRoutesTest : public ::testing::Test {
 protected:
  FlowRoutesTest() {
    EXPECT_TRUE(acl_.load());
    flows::install(
        registry_, "acme.x",
        {flows::component(R"({"name":"acme.x.y.Start","description":"s","outPorts":["out"]})"),
         flows::component(R"({"name":"acme.x.y.Hidden","description":"s","outPorts":["out"]})")});
    addFlowRoutes(router_,
                  {flows_, versions_, engine_, registry_, acl_, *store_.store, "http://here"});
    addUnprocessedMessageRoutes(router_, *store_.store, flows_, engine_);
  }

  std::pair<int, json::value> ask(const access::Caller& who, Method method,
                                  const std::string& target, std::string body = "") {
    const Response response = askRoute(router_, method, target, std::move(body),
                                       [&](const Route&, Request& request) -> base::Status {
                                         request.caller = who;
                                         return {};
                                       });
    return {response.status, json::parseOwn(response.body)};
  }
  std::string text(const access::Caller& who, Method method, const std::string& target,
                   std::string body = "") {
    return json::write(ask(who, method, target, std::move(body)).second);
  }
  int status(const access::Caller& who, Method method, const std::string& target,
             std::string body = "") {
    return ask(who, method, target, std::move(body)).first;
  }
  std::string create(const std::string& body) {
    return json::getString(ask(ann_, Method::kPost, "/flows", body).second.as_object(), "flowId");
  }
  void putUnprocessed(const std::string& id, const std::string& flowId, const std::string& userId,
                      std::int64_t created) {
    EXPECT_TRUE(store_.store->write([&](store::Transaction& rows) -> base::Status {
      rows.unprocessed().insert(
          {id, flowId, "q", "acme.x.y.Start", userId, "corr-" + id, created,
           R"({"target":"input-queue","err":"{\"message\":\"no\"}","messages":{"in":[]},"wake":"port"})"});
      return {};
    }));
  }

  access::TestStore store_;
  access::TestClock clock_;
  base::SystemRandom random_;
  connectors::Registry registry_;
  access::Acl acl_{*store_.store};
  flows::Flows flows_{*store_.store, registry_, clock_, random_};
  flows::FlowVersions versions_{*store_.store, flows_, clock_, random_};
  ScriptedEngine engine_{*store_.store};
  Router router_;
  access::Caller ann_{"ann", "ann", "ann@example.test", {"user"}, {}};
  access::Caller bob_{"bob", "bob", "bob@example.test", {"user"}, {}};
  access::Caller root_{"root", "root", "root@example.test", {"user", "admin"}, {}};
};

TEST_F(FlowRoutesTest, AFlowLivesFromPostToDelete) {
  const std::string id = create(R"({"name":"N","flow":{"q":{"type":"acme.x.y.Start"}}})");
  EXPECT_EQ(text(ann_, Method::kPut, "/flows/" + id, R"({"name":"M"})"),
            R"({"flowId":")" + id + R"(","result":"updated","mtime":"2026-02-25T06:13:20.001Z"})");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows/" + id + "?projection=name,stage"),
            R"({"name":"M","stage":"stopped"})");
  EXPECT_EQ(text(ann_, Method::kPost, "/flows/" + id + "/coordinator", R"({"command":"start"})"),
            R"({"flowId":")" + id + "\"}");
  EXPECT_EQ(status(ann_, Method::kPut, "/flows/" + id, R"({"name":"L"})"), 409);
  EXPECT_EQ(status(ann_, Method::kPut, "/flows/" + id + "?forceUpdate=true&inProgressData=delete",
                   R"({"name":"L"})"),
            200);
  EXPECT_EQ(text(ann_, Method::kDelete, "/flows/" + id), R"({"flowId":")" + id + "\"}");
  EXPECT_EQ(status(ann_, Method::kGet, "/flows/" + id), 404);
  EXPECT_EQ(engine_.done, (std::vector<std::string>{"start", "restart delete", "drop"}));
}

TEST_F(FlowRoutesTest, ListsFilterProjectAndCount) {
  create(R"({"name":"one","customFields":{"category":"x"}})");
  clock_.millis += 1;
  create(
      R"({"name":"two","sharedWith":[{"email":"bob@example.test","permissions":["read","start"]}]})");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows?projection=name"),
            R"([{"name":"two"},{"name":"one"}])");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows?projection=name&filter[]=customFields.category:x"),
            R"([{"name":"one"}])");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows/count?pattern=TW"), R"({"count":1})");
  EXPECT_EQ(text(bob_, Method::kGet, "/flows?projection=name&sharedWithPermissions=read,start"),
            R"([{"name":"two"}])");
  EXPECT_EQ(text(bob_, Method::kGet, "/flows?sharedWithPermissions=stop"), "[]");
  EXPECT_EQ(text(bob_, Method::kGet, "/flows?filter=userId:bob"), "[]");
  EXPECT_EQ(text(root_, Method::kGet, "/flows"), "[]");
  EXPECT_EQ(text(root_, Method::kGet, "/flows/count?filter=userId:ann"), R"({"count":2})");
  EXPECT_EQ(status(ann_, Method::kGet, "/flows?limit=x"), 400);
}

TEST_F(FlowRoutesTest, ListAndSingleAreTheSameText) {
  const std::string id = create(
      R"({"name":"N","customFields":{"z":1,"a":2},"flow":{"q":{"x":1,"type":"acme.x.y.Start"}}})");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows"),
            "[" + text(ann_, Method::kGet, "/flows/" + id) + "]");
}

TEST_F(FlowRoutesTest, BothPathsTakeCommands) {
  const std::string id = create(R"({"name":"N"})");
  EXPECT_EQ(status(ann_, Method::kPost, "/flows/" + id, R"({"command":"start"})"), 200);
  EXPECT_EQ(text(ann_, Method::kPost, "/flows/" + id + "/coordinator?background=true",
                 R"({"command":"stop"})"),
            R"({"flowId":")" + id + R"(","ticket":")" + id + "\"}");
  EXPECT_EQ(status(root_, Method::kPost, "/flows/" + id, R"({"command":"stop","background":true})"),
            200);
  EXPECT_EQ(engine_.done, (std::vector<std::string>{"start", "stop by owner", "stop by another"}));
  EXPECT_EQ(status(ann_, Method::kPost, "/flows/" + id + "/coordinator", R"({"command":"dance"})"),
            400);
  EXPECT_EQ(status(ann_, Method::kPost, "/flows/" + id, "{}"), 400);
  EXPECT_EQ(status(bob_, Method::kPost, "/flows/" + id, R"({"command":"start"})"), 404);
}

TEST_F(FlowRoutesTest, AFailedStartCarriesItsData) {
  const std::string id = create(R"({"name":"N"})");
  engine_.outcome = base::fail(base::Code::kInvalid, "Component is not installed.",
                               json::array{json::object{{"componentId", "q"}}});
  const auto [code, body] = ask(ann_, Method::kPost, "/flows/" + id, R"({"command":"start"})");
  EXPECT_EQ(code, 400);
  EXPECT_EQ(json::write(body.as_object().at("data")), R"([{"componentId":"q"}])");
}

TEST_F(FlowRoutesTest, AMessageGoesIntoARunningFlowOnly) {
  const std::string id = create(R"({"name":"N"})");
  const std::string message = R"({"componentId":"q","inputPort":"in","content":{"a":1}})";
  EXPECT_EQ(status(ann_, Method::kPost, "/flows/" + id, message), 400);
  EXPECT_EQ(status(ann_, Method::kPost, "/flows/" + id, R"({"command":"start"})"), 200);
  EXPECT_EQ(text(ann_, Method::kPost, "/flows/" + id, message), "{}");
  EXPECT_EQ(engine_.done.back(), R"(inject q.in {"a":1})");
}

TEST_F(FlowRoutesTest, ProgressIsThatOfTheLastCommand) {
  const std::string id = create(R"({"name":"N"})");
  const std::string path = "/flows/" + id + "/coordinator/status";
  EXPECT_EQ(text(ann_, Method::kGet, path),
            R"({"status":"completed","stepsDone":0,"stepsTotal":0})");
  engine_.commandStatus = flows::CommandStatus{"in-progress", 2, 5, ""};
  EXPECT_EQ(text(ann_, Method::kGet, path),
            R"({"status":"in-progress","stepsDone":2,"stepsTotal":5})");
  EXPECT_EQ(status(bob_, Method::kGet, path), 404);
}

TEST_F(FlowRoutesTest, BrokenDescriptorsAreRefusedWithData) {
  const auto [code, body] = ask(ann_, Method::kPost, "/flows", R"({"flow":{"q":{"type":"x"}}})");
  EXPECT_EQ(code, 400);
  EXPECT_EQ(json::getString(body.as_object().at("data").as_array()[0].as_object(), "componentId"),
            "q");
}

TEST_F(FlowRoutesTest, ValidateNamesProblemsAndNeverFails) {
  const std::string id = create(R"({"flow":{"q":{"type":"gone.a.b.C"}}})");
  const auto [code, body] = ask(ann_, Method::kGet, "/flows/" + id + "/validate");
  EXPECT_EQ(code, 200);
  EXPECT_EQ(body.as_object().at("errors").as_array().size(), 1U);
  EXPECT_EQ(text(ann_, Method::kGet, "/flows/" + create("{}") + "/validate"), R"({"errors":[]})");
}

TEST_F(FlowRoutesTest, ComponentsOneMayNotUseAreSavedAndNamed) {
  ASSERT_TRUE(acl_.replace(
      access::AclType::kComponents,
      json::parseOwn(
          R"([{"role":"user","resource":"acme.x.y.Start","action":["*"],"attributes":["*"]}])")));
  const auto [code, body] =
      ask(ann_, Method::kPost, "/flows", R"({"flow":{"q":{"type":"acme.x.y.Hidden"}}})");
  EXPECT_EQ(code, 200);
  ASSERT_TRUE(body.as_object().contains("warnings"));
  EXPECT_EQ(
      json::getString(body.as_object().at("warnings").as_array()[0].as_object(), "componentId"),
      "q");
}

TEST_F(FlowRoutesTest, ClonesAndTriggerAddresses) {
  const std::string id = create(R"({"name":"N","flow":{"q":{"type":"acme.x.y.Start"}}})");
  EXPECT_EQ(text(ann_, Method::kGet, "/triggers/q/url"),
            R"({"url":"http://here/flows/)" + id + R"(/components/q"})");
  EXPECT_EQ(status(bob_, Method::kGet, "/triggers/q/url"), 404);
  const auto [code, body] = ask(
      ann_, Method::kPost, "/flows/" + id + "/clone",
      R"({"projection":"-sharedWith","setOriginFlowId":true,"additional":{"type":"integration-template","sharedWith":[{"scope":"user","permissions":["read"]}]}})");
  EXPECT_EQ(code, 200);
  const std::string clone = json::getString(body.as_object(), "cloneId");
  EXPECT_EQ(
      text(ann_, Method::kGet, "/flows/" + clone + "?projection=type,originFlowId,sharedWith"),
      R"({"type":"integration-template","originFlowId":")" + id +
          R"(","sharedWith":[{"scope":"user","permissions":["read"]}]})");
}

TEST_F(FlowRoutesTest, ComponentUsageAnswersWhoUsesWhat) {
  const std::string id = create(
      R"({"name":"N","flow":{"q":{"type":"acme.trello.lists.Add"},"r":{"type":"acme.trello.cards.New"},"s":{"type":"acme.trello.cards.New"}}})");
  create(R"({"name":"O","flow":{"q":{"type":"acme.trell.lists.Add"}}})");
  const std::string path = "/stats/component-usage?componentType=trello";
  EXPECT_EQ(ask(root_, Method::kGet, path).second.as_array().size(), 2U);
  EXPECT_EQ(text(root_, Method::kGet, path + "&count=1"), R"([{"count":2}])");
  EXPECT_EQ(text(root_, Method::kGet, path + "&count=1&group=%24flowId"), R"([{"count":1}])");
  EXPECT_EQ(text(root_, Method::kGet, path + "&count=&stage=running"), R"([{"count":0}])");
  const auto row = ask(root_, Method::kGet, path + "&stage=stopped&group=$flowId")
                       .second.as_array()
                       .at(0)
                       .as_object();
  EXPECT_EQ(json::getString(row, "flowId"), id);
  EXPECT_EQ(json::getString(row, "value1"), "acme.trello.cards.New");
  EXPECT_EQ(json::getString(row, "value2"), "stopped");
  EXPECT_EQ(json::getString(row, "flowName"), "N");
  EXPECT_EQ(json::getString(row, "_id").size(), 24U);
  EXPECT_EQ(
      text(root_, Method::kGet, "/stats/component-usage?componentType=acme:trello:lists&count=1"),
      R"([{"count":1}])");
  EXPECT_EQ(status(root_, Method::kGet, path + "&stage=draft"), 400);
}

TEST_F(FlowRoutesTest, S51S52S53AdminsListAllFlowsByConnectorAndStage) {
  const std::string cards = create(R"({"name":"cards","flow":{"q":{"type":"acme.trello.cards.New"}}})");
  create(R"({"name":"lists","flow":{"q":{"type":"acme.trello.lists.Add"}}})");
  create(R"({"name":"near","flow":{"q":{"type":"acme.trell.lists.Add"}}})");
  const auto names = [&](const access::Caller& who, const std::string& query) {
    const auto count = text(who, Method::kGet, "/flows/count" + query);
    std::vector<std::string> found;
    const auto list = ask(who, Method::kGet, "/flows" + query);
    for (const auto& flow : list.second.as_array()) {
      found.push_back(json::getString(flow.as_object(), "name"));
    }
    EXPECT_EQ(count, "{\"count\":" + std::to_string(found.size()) + "}");
    std::sort(found.begin(), found.end());
    return found;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(root_, ""), Names{});
  EXPECT_EQ(names(root_, "?filter=userId:*"), (Names{"cards", "lists", "near"}));
  EXPECT_EQ(names(root_, "?componentType=trello"), (Names{"cards", "lists"}));
  EXPECT_EQ(names(root_, "?filter=componentType:acme:trello:cards"), (Names{"cards"}));
  EXPECT_EQ(names(root_, "?componentType=trello&filter=userId:bob"), Names{});
  EXPECT_EQ(names(bob_, "?componentType=trello"), Names{});
  EXPECT_EQ(names(bob_, "?filter=userId:*"), Names{});
  EXPECT_EQ(names(ann_, "?componentType=trello&filter=name:lists"), (Names{"lists"}));
  EXPECT_TRUE(store_.store->write([&](store::Transaction& rows) -> base::Status {
    rows.flows().setStage(cards, "starting", 1, 0, 0);
    return {};
  }));
  EXPECT_EQ(names(root_, "?componentType=trello&stage=running"), (Names{"cards"}));
  EXPECT_EQ(names(root_, "?componentType=trello&filter=stage:stopped"), (Names{"lists"}));
  EXPECT_EQ(names(root_, "?filter=userId:*&filter=stage:!running&filter=stage:stopped"),
            (Names{"lists", "near"}));
  EXPECT_EQ(status(root_, Method::kGet, "/flows?stage=draft"), 400);
}

TEST_F(FlowRoutesTest, R26WhatNeedsAttentionIsShownAndFound) {
  const std::string id = create(R"({"name":"A","flow":{"q":{"type":"acme.trello.cards.New"}}})");
  create(R"({"name":"B","flow":{}})");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows?filter=attention:true"), "[]");
  EXPECT_TRUE(store_.store->write([&](store::Transaction& rows) -> base::Status {
    rows.attention().put({id, "reconnect-account", "acme.trello", "q", "acme:trello", "Sign in.", 2000});
    rows.attention().put({id, "fill-field", "acme.trello", "q", "board", "Fill in.", 1000});
    rows.attention().put({id, "review", "", "", "", "Look.", 3000});
    return {};
  }));
  const std::string attention =
      R"([{"code":"fill-field","connector":"acme.trello","componentId":"q","field":"board","message":"Fill in.","since":"1970-01-01T00:00:01.000Z"},)"
      R"({"code":"reconnect-account","connector":"acme.trello","componentId":"q","account":"acme:trello","message":"Sign in.","since":"1970-01-01T00:00:02.000Z"},)"
      R"({"code":"review","message":"Look.","since":"1970-01-01T00:00:03.000Z"}])";
  EXPECT_EQ(text(ann_, Method::kGet, "/flows/" + id + "?projection=attention"),
            R"({"attention":)" + attention + "}");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows?filter=attention:true"),
            "[" + text(ann_, Method::kGet, "/flows/" + id) + "]")
      << "one serialisation";
  EXPECT_EQ(text(root_, Method::kGet, "/flows?filter=attention:true&projection=name,attention"),
            R"([{"name":"A","attention":)" + attention + "}]");
  EXPECT_EQ(text(ann_, Method::kGet, "/flows?filter=attention:false&projection=name"),
            R"([{"name":"B"}])");
  EXPECT_EQ(text(bob_, Method::kGet, "/flows/count?filter=attention:true"), R"({"count":0})");
  EXPECT_EQ(status(ann_, Method::kGet, "/flows?filter=attention:maybe"), 400);
}

TEST_F(FlowRoutesTest, UnprocessedMessagesBelongToTheirFlow) {
  const std::string id =
      create(R"({"name":"N","sharedWith":[{"email":"bob@example.test","permissions":["read"]}]})");
  putUnprocessed("m1", id, "ann", 1000);
  putUnprocessed("m2", id, "ann", 2000);
  EXPECT_EQ(text(ann_, Method::kGet, "/unprocessed-messages?projection=messageId"),
            R"([{"messageId":"m2"},{"messageId":"m1"}])");
  EXPECT_EQ(text(bob_, Method::kGet, "/unprocessed-messages?projection=messageId&limit=1"),
            R"([{"messageId":"m2"}])");
  EXPECT_EQ(text(root_, Method::kGet, "/unprocessed-messages?projection=messageId"), R"([{"messageId":"m2"},{"messageId":"m1"}])");
  EXPECT_EQ(text(root_, Method::kGet,
                 "/unprocessed-messages?projection=messageId&correlationId=corr-m1&flowId=" + id),
            R"([{"messageId":"m1"}])");
  EXPECT_EQ(text(ann_, Method::kGet, "/unprocessed-messages/count?componentId=q"),
            R"({"count":2})");
  EXPECT_EQ(
      text(ann_, Method::kGet, "/unprocessed-messages/m1"),
      R"({"messageId":"m1","flowId":")" + id +
          R"(","componentId":"q","componentType":"acme.x.y.Start","userId":"ann","correlationId":["corr-m1"],)"
          R"("created":"1970-01-01T00:00:01.000Z","target":"input-queue","err":"{\"message\":\"no\"}","messages":{"in":[]}})");
  EXPECT_EQ(status(bob_, Method::kDelete, "/unprocessed-messages/m1"), 403);
  EXPECT_EQ(text(ann_, Method::kDelete, "/unprocessed-messages/m1"), "{}");
  EXPECT_EQ(status(ann_, Method::kDelete, "/unprocessed-messages/m1"), 404);
}

TEST_F(FlowRoutesTest, BothPathsRetryAnUnprocessedMessage) {
  const std::string id = create(R"({"name":"N"})");
  putUnprocessed("m1", id, "ann", 1000);
  EXPECT_EQ(text(ann_, Method::kPost, "/unprocessed-messages/m1/retry"), "{}");
  EXPECT_EQ(text(ann_, Method::kPost, "/unprocessed-messages/m1"), "{}");
  EXPECT_EQ(engine_.done, (std::vector<std::string>{"retry m1", "retry m1"}));
  EXPECT_EQ(status(bob_, Method::kPost, "/unprocessed-messages/m1/retry"), 404);
  engine_.outcome = base::fail(base::Code::kConflict, "The flow does not run.");
  EXPECT_EQ(status(ann_, Method::kPost, "/unprocessed-messages/m1/retry"), 409);
}

}  // namespace
}  // namespace patchbay::http
