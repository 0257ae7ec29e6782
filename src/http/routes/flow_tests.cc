#include "http/routes/flow_tests.h"

#include <utility>

#include "base/json.h"
#include "http/body.h"
#include "http/event_stream.h"

namespace patchbay::http {

namespace {

// What a test tells, as events. Until it has begun, a refusal is the answer.
class Watcher : public engine::TestWatcher {
 public:
  Watcher(engine::ComponentTests& tests, std::string testId, std::string componentId,
          Respond respond)
      : tests_(tests),
        testId_(std::move(testId)),
        componentId_(std::move(componentId)),
        respond_(std::move(respond)) {}

  void refused(const base::Error& error) override { respond_(error); }

  void begun() override {
    events_ = std::make_unique<EventStream>([&tests = tests_, id = testId_] { tests.cancel(id); });
    respond_(events_->response());
    tell("test:start", json::object{{"testRunId", testId_}});
    tell("component:start", json::object{{"componentId", componentId_}});
  }

  void sent(std::string_view port, std::string_view payload) override {
    std::string out = "{\"componentId\":";
    json::writeString(componentId_, out);
    out += ",\"port\":";
    json::writeString(port, out);
    events_->send("component:output", out + ",\"data\":" + std::string(payload) + "}");
  }

  void ended(const base::Status& status) override {
    if (status) {
      tell("component:done", json::object{{"componentId", componentId_}});
      tell("test:done", json::object{{"testRunId", testId_}, {"status", "completed"}});
    } else {
      const base::Error& error = status.error();
      tell("component:error", json::object{{"componentId", componentId_},
                                           {"message", error.message},
                                           {"code", base::codeText(error.code)},
                                           {"data", error.data}});
      tell("test:error", json::object{{"testRunId", testId_}, {"message", error.message}});
    }
    events_->end();
  }

 private:
  void tell(std::string_view event, const json::object& data) {
    events_->send(event, json::write(data));
  }

  engine::ComponentTests& tests_;
  const std::string testId_, componentId_;
  Respond respond_;
  std::unique_ptr<EventStream> events_;
};

std::string textOrNothing(const json::object& body, std::string_view name) {
  const json::value* value = json::find(body, name);
  return value == nullptr || value->is_null() ? "" : json::write(*value);
}

base::Result<engine::ComponentTest> testOf(const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  engine::ComponentTest test;
  test.flowId = request.param("id");
  test.componentId = json::getString(*body, "componentId");
  if (test.componentId.empty()) {
    return base::fail(base::Code::kInvalid, "\"componentId\" (text) is required.");
  }
  test.inputData = textOrNothing(*body, "inputData");
  if (!test.inputData.empty() && !json::find(*body, "inputData")->is_object()) {
    return base::fail(base::Code::kInvalid, "\"inputData\" must be an object: in port, content.");
  }
  test.payload = textOrNothing(*body, "payload");
  const json::object& options = json::getObject(*body, "options");
  if (options.contains("timeout")) {
    const auto millis = json::getInt(options, "timeout");
    if (!millis || *millis <= 0) {
      return base::fail(base::Code::kInvalid,
                        "\"options.timeout\" must be a number of milliseconds.");
    }
    test.timeout = base::Millis(*millis);
  }
  return test;
}

base::Status mayTest(const FlowTestParts& parts, const Request& request,
                     const engine::ComponentTest& test) {
  auto flow = parts.flows.find(*request.caller, test.flowId, flows::Right::kWrite);
  if (!flow) {
    return flow.error();
  }
  const json::value document = json::parseOwn(flow->document);
  const json::object& graph = document.at("flow").as_object();
  const json::value* node = json::find(graph, test.componentId);
  if (node == nullptr || !node->is_object()) {
    return base::fail(base::Code::kNotFound,
                      "Component " + test.componentId + " was not found in the flow.");
  }
  const std::string type = json::getString(node->get_object(), "type");
  // As for a static call: what is private is hidden from lists only.
  return parts.acl.mayUse(*request.caller, type, true)
             ? base::Status()
             : base::Status(
                   base::fail(base::Code::kForbidden, "You may not use component " + type + "."));
}

void run(const FlowTestParts& parts, const Request& request, Respond respond) {
  auto test = testOf(request);
  if (!test) {
    respond(test.error());
    return;
  }
  if (auto allowed = mayTest(parts, request, *test); !allowed) {
    respond(allowed.error());
    return;
  }
  const std::string testId = parts.tests.newId();
  auto watcher =
      std::make_shared<Watcher>(parts.tests, testId, test->componentId, std::move(respond));
  parts.tests.run(testId, std::move(*test), std::move(watcher));
}

}  // namespace

void addFlowTestRoute(Router& router, const FlowTestParts& parts) {
  router.add(Method::kPost, "/flows/:id/test",
             {.family = "flows", .limit = "LIMIT_MESSAGE_MAX_BYTES"},
             "Run one component of a flow once; answers server-sent events",
             [parts](const Request& request, Respond respond) {
               run(parts, request, std::move(respond));
             });
}

}  // namespace patchbay::http
