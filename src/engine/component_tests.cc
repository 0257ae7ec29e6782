#include "engine/component_tests.h"

#include <algorithm>
#include <array>
#include <utility>

#include "accounts/accounts.h"
#include "base/json.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {

// State of a test is kept under a flow id that no flow can have.
constexpr std::string_view kTestFlow = "test/";
constexpr base::Millis kShortest{1'000};
constexpr base::Millis kLongest{300'000};

// All but what would act on the flow: its messages, timers and life.
constexpr std::array<std::string_view, 33> kAllowed = {
    "staticCall", "outputSchema",
    "stateGet",   "stateLoad",     "stateSet",           "stateUnset", "stateSave",   "stateClear",
    "stateInc",   "stateAddToSet", "stateRemoveFromSet", "cacheGet",   "cacheSet",    "cacheRemove",
    "storeList",  "storeGet",      "storeFind",          "storeCount", "storeSet",    "storeRemove",
    "storeClear", "fileInfo",      "fileRead",           "fileCreate", "fileWrite",   "fileCommit",
    "fileAbort",  "fileRemove",    "lockAcquire",        "lockExtend", "lockRelease", "callToken",
    "response"};

std::string contentMember(std::string_view port, std::string_view content) {
  std::string out = "{";
  json::writeString(port, out);
  return out + ":{\"content\":" + std::string(content) + "}}";
}

base::Result<std::string> inputOf(const ComponentTest& test,
                                  const connectors::Component& component) {
  if (component.inPorts.empty()) {
    const std::string body = test.payload.empty() ? "{}" : test.payload;
    return contentMember("webhook",
                         "{\"method\":\"POST\",\"data\":" + body + ",\"query\":{},\"headers\":{}}");
  }
  if (test.inputData.empty()) {
    return contentMember(component.inPorts.front(), test.payload.empty() ? "{}" : test.payload);
  }
  const json::value ports = json::parseOwn(test.inputData);
  json::object messages;
  for (const auto& [port, content] : ports.as_object()) {
    if (std::find(component.inPorts.begin(), component.inPorts.end(), std::string_view(port)) ==
        component.inPorts.end()) {
      return base::fail(base::Code::kInvalid, "\"inputData\": " + component.name +
                                                  " has no in port " + std::string(port) + ".");
    }
    messages[port] = json::object{{"content", content}};
  }
  return json::write(messages);
}

}  // namespace

void ComponentTests::begin() {
  eraseState(std::string(kTestFlow));
}

std::string ComponentTests::newId() {
  return base::newUuid(parts_.random);
}

void ComponentTests::eraseState(const std::string& flowId) {
  const auto unit = [flowId](store::Transaction& tx) -> base::Status {
    tx.states().clearPrefix("c:" + flowId);
    tx.states().clearPrefix("f:" + flowId);
    return {};
  };
  parts_.store.submit(unit, [](const base::Status&) {});  // the next start erases what is left
}

base::Result<AttemptPtr> ComponentTests::makeAttempt(const ComponentTest& test) const {
  base::Result<std::shared_ptr<RunningFlow>> flow = base::fail(base::Code::kNotFound, "");
  const auto reader = [&](store::Transaction& tx) {
    flow = loadRunningFlow(tx, flows_.ground(), test.flowId);
  };
  if (base::Status read = parts_.store.read(reader); !read) {
    return read.error();
  }
  if (!flow) {
    return flow.error();
  }
  const RunningNode* node = (*flow)->find(test.componentId);
  if (node == nullptr) {
    return base::fail(base::Code::kNotFound,
                      "Component " + test.componentId + " was not found in the flow.");
  }
  if (!node->found) {
    return base::fail(base::Code::kInvalid, "Component " + node->node->type + " is not installed.");
  }
  const connectors::Component& component = *node->found.component;
  if (!component.loadError.empty()) {
    return base::fail(base::Code::kComponentBroken,
                      "The code of " + component.name + " does not load: " + component.loadError);
  }
  if (component.isTrigger() && !component.webhook && !component.tick) {
    return base::fail(
        base::Code::kInvalid,
        component.name + " takes neither input nor calls: start the flow to see it work.");
  }
  auto attempt = std::make_shared<Attempt>();
  attempt->message = std::make_shared<queue::Message>();
  attempt->message->componentId = test.componentId;
  attempt->message->scope = std::make_shared<const queue::Scope>();
  attempt->node = node;
  attempt->flow = std::move(*flow);
  return attempt;
}

base::Result<std::string> ComponentTests::members(const ComponentTest& test,
                                                  const Attempt& attempt) const {
  const connectors::Component& component = attempt.component();
  const bool ticks = component.isTrigger() && !component.webhook;
  std::string out = ticks ? "\"m\":\"tick\"," : "\"m\":\"receive\",";
  out += attempt.node->constantMembers;
  json::addText(out, "callId", base::newUuid(parts_.random));
  json::addRaw(out, "attempt", "1");
  json::addRaw(out, "deadlineMs",
               std::to_string(std::clamp(test.timeout, kShortest, kLongest).count()));
  json::addRaw(out, "held", "false");
  if (const auto account = parts_.accounts.authFor(test.flowId, test.componentId, component)) {
    json::addRaw(out, "auth", account->authJson);
    json::addRaw(out, "config", account->configJson);
    json::addRaw(out, "profileInfo", account->profileJson);
  }
  json::addRaw(out, "state", "{}");
  json::addRaw(out, "scope", "{}");
  if (!component.isTrigger()) {
    json::addText(out, "inPort", component.inPorts.front());
    json::addRaw(out, "validate", "true");
  }
  if (!ticks) {
    auto messages = inputOf(test, component);
    if (!messages) {
      return messages;
    }
    json::addRaw(out, "messages", *messages);
  }
  return out;
}

void ComponentTests::run(const std::string& testId, ComponentTest test,
                         std::shared_ptr<TestWatcher> watcher) {
  parts_.loop.post([this, testId, test = std::move(test), watcher = std::move(watcher)] {
    runOnLoop(testId, test, watcher);
  });
}

// Properties may hold functions, so they are mapped as at a start.
void ComponentTests::runOnLoop(const std::string& testId, const ComponentTest& test,
                               const std::shared_ptr<TestWatcher>& watcher) {
  auto attempt = makeAttempt(test);
  if (!attempt) {
    watcher->refused(attempt.error());
    return;
  }
  running_.emplace(testId, *attempt);
  const auto mapped = [this, testId, test, watcher,
                       attempt = *attempt](base::Result<std::string> properties) {
    if (attempt->fenced) {
      return;
    }
    if (!properties) {
      running_.erase(testId);
      watcher->refused(properties.error());
      return;
    }
    // Not before: functions in properties may ask for the flow's id.
    attempt->message->flowId = attempt->flow->flowId = std::string(kTestFlow) + testId;
    RunningNode& node = attempt->flow->nodes[test.componentId];
    node.properties = std::move(*properties);
    writeConstantMembers(*attempt->flow, node);
    call(testId, test, attempt, watcher);
  };
  mapper_.properties((*attempt)->flow, *(*attempt)->node, base::toMillis(parts_.clock.now()),
                     mapped);
}

void ComponentTests::call(const std::string& testId, const ComponentTest& test,
                          const AttemptPtr& attempt, const std::shared_ptr<TestWatcher>& watcher) {
  auto made = members(test, *attempt);
  if (!made) {
    running_.erase(testId);
    watcher->refused(made.error());
    return;
  }
  watcher->begun();
  OutsideCall call;
  call.attempt = attempt;
  call.members = std::move(*made);
  call.deadline = std::clamp(test.timeout, kShortest, kLongest);
  call.kind = "a test";
  call.hostCalls = kAllowed;
  call.sent = [watcher](const runtime::Send& send) { watcher->sent(send.port, send.payload); };
  call.told = [this, testId, watcher](const base::Result<std::string>& value) {
    forget(testId);
    watcher->ended(value ? base::Status() : base::Status(value.error()));
  };
  calls_.run(std::move(call));
}

void ComponentTests::forget(const std::string& testId) {
  running_.erase(testId);
  eraseState(std::string(kTestFlow) + testId);
}

void ComponentTests::cancel(const std::string& testId) {
  parts_.loop.post([this, testId] {
    const auto found = running_.find(testId);
    if (found != running_.end()) {
      calls_.cancel(found->second);
      forget(testId);
    }
  });
}

}  // namespace patchbay::engine
