#include "engine/static_calls.h"

#include <array>
#include <utility>

#include "accounts/accounts.h"
#include "base/json.h"
#include "store/flows.h"

namespace patchbay::engine {

namespace {

// A person waits in front of a form.
constexpr base::Millis kDeadline{60'000};
constexpr std::size_t kDeepestPath = 16;

// What a form may need. Everything else acts on a flow that does not run this call, or leaves something behind in it.
constexpr std::array<std::string_view, 16> kAllowed = {"staticCall", "outputSchema", "cacheGet", "cacheSet", "cacheRemove", "storeList", "storeGet", "storeFind", "storeCount",
                                                       "fileInfo", "fileRead", "lockAcquire", "lockExtend", "lockRelease", "callToken", "begun"};

// Sets `value` at "port/field/…" of `ports`. False: the path is too deep.
bool setAt(json::object& ports, std::string_view path, const json::value& value) {
  json::object* parent = &ports;
  for (std::size_t depth = 0; depth < kDeepestPath; ++depth) {
    const std::size_t slash = path.find('/');
    json::value& place = (*parent)[path.substr(0, slash)];
    if (slash == std::string_view::npos) {
      place = depth == 0 && !value.is_object() ? json::value(json::object()) : value;  // `"in": 1` says that the port is there
      return true;
    }
    parent = place.is_object() ? &place.get_object() : &place.emplace_object();
    path.remove_prefix(slash + 1);
  }
  return false;
}

// {"in": {"limit": 50}, "in/spaceId": 7} → {"in": {"content": {"limit": 50, "spaceId": 7}}}.
base::Result<std::string> messagesOf(const std::string& text) {
  auto document = json::parse(text, "\"messages\"", 64);
  if (!document || !document->is_object()) {
    return document ? base::fail(base::Code::kInvalid, "\"messages\" must be an object: port, content.") : document.error();
  }
  json::object ports;
  for (const auto& [path, value] : document->get_object()) {
    if (!setAt(ports, path, value)) {
      return base::fail(base::Code::kInvalid, "A path in \"messages\" has more than 16 steps.");
    }
  }
  json::object messages;
  for (const auto& [port, content] : ports) {
    messages[port] = json::object{{"content", content}};
  }
  return json::write(messages);
}

std::shared_ptr<const runtime::FlowFrame> frameOf(const StaticCall& call, const store::FlowRecord* flow) {
  auto frame = std::make_shared<runtime::FlowFrame>();
  frame->key = "static:" + call.userId + ":" + call.flowId + ":" + (flow == nullptr ? "" : std::to_string(flow->version));
  json::object members{{"flowId", call.flowId.empty() ? json::value(nullptr) : json::value(call.flowId)}, {"userId", call.userId}};
  if (flow != nullptr) {
    members["name"] = flow->name;
    const json::value document = json::parseOwn(flow->document);
    const json::value* fields = json::find(document, "customFields");
    members["customFields"] = fields == nullptr ? json::value(json::object()) : *fields;
    const json::value* graph = json::find(document, "flow");
    members["descriptor"] = graph == nullptr ? json::value(json::object()) : *graph;
  }
  frame->json = json::write(members);
  return frame;
}

}  // namespace

void StaticCalls::run(StaticCall call, OutsideCall::Told told) {
  parts_.loop.post([this, call = std::move(call), told = std::move(told)]() mutable {
    runOnLoop(std::move(call), std::move(told));
  });
}

// Host calls know a component by its attempt; this one has no message in any queue.
base::Result<AttemptPtr> StaticCalls::makeAttempt(const StaticCall& call) const {
  auto flow = std::make_shared<RunningFlow>();
  RunningNode& node = flow->nodes[call.componentId];
  node.found = parts_.registry.findIn(call.revision, call.type);
  if (!node.found) {
    node.found = parts_.registry.find(call.type);
  }
  if (!node.found) {
    return base::fail(base::Code::kNotFound, "Component " + call.type + " is not installed.");
  }
  if (!node.found.component->loadError.empty()) {
    return base::fail(base::Code::kComponentBroken, "The code of " + call.type + " does not load: " + node.found.component->loadError);
  }
  flow->flowId = call.flowId;
  flow->userId = call.userId;
  std::optional<store::FlowRecord> record;
  if (!call.flowId.empty()) {
    const base::Status read = parts_.store.read([&](store::Transaction& tx) { record = tx.flows().byId(call.flowId); });
    if (!read) {
      return read.error();
    }
  }
  flow->frame = frameOf(call, record ? &*record : nullptr);
  auto attempt = std::make_shared<Attempt>();
  attempt->depth = call.depth;
  attempt->message = std::make_shared<queue::Message>();
  attempt->message->flowId = call.flowId;
  attempt->message->componentId = call.componentId;
  attempt->message->arrivedAt = base::toMillis(parts_.clock.now());
  attempt->message->scope = std::make_shared<const queue::Scope>();
  attempt->node = &node;
  attempt->flow = std::move(flow);
  return attempt;
}

base::Result<std::string> StaticCalls::members(const StaticCall& call, const Attempt& attempt) const {
  const connectors::Component& component = attempt.component();
  auto messages = messagesOf(call.messages);
  if (!messages) {
    return messages.error();
  }
  std::string out;
  json::addText(out, "m", "static");
  json::addText(out, "component", component.name);
  json::addText(out, "dir", component.dir);
  json::addText(out, "flow", attempt.flow->frame->key);
  json::addText(out, "service", component.service);
  if (!call.componentId.empty()) {
    json::addText(out, "componentId", call.componentId);
  }
  json::addText(out, "callId", base::newUuid(parts_.random));
  json::addRaw(out, "deadlineMs", std::to_string(kDeadline.count()));
  json::addRaw(out, "properties", call.properties);
  json::addRaw(out, "messages", *messages);
  json::addRaw(out, "validate", "true");
  const std::string first = component.outPorts.empty() ? "out" : component.outPorts.front();
  json::addText(out, "outPort", call.outPort.empty() ? first : call.outPort);
  if (attempt.quota != nullptr) {
    json::addRaw(out, "quota", "true");
  }
  if (!call.transform.empty()) {
    json::addText(out, "transform", call.transform);
  }
  if (!call.flowId.empty()) {
    if (const auto account = parts_.accounts.authFor(call.flowId, call.componentId, component)) {
      json::addRaw(out, "auth", account->authJson);
      json::addRaw(out, "config", account->configJson);
      json::addRaw(out, "profileInfo", account->profileJson);
    }
  }
  return out;
}

void StaticCalls::runOnLoop(StaticCall call, OutsideCall::Told told) {
  auto made = makeAttempt(call);
  if (!made) {
    told(made.error());
    return;
  }
  const AttemptPtr attempt = *std::move(made);
  quota_.enter(attempt, [this, call = std::move(call), attempt, told = std::move(told)](base::Status entered) {
    if (entered) {
      callNow(call, attempt, told);
    } else {
      told(entered.error());
    }
  });
}

void StaticCalls::callNow(const StaticCall& call, const AttemptPtr& attempt, OutsideCall::Told told) {
  OutsideCall::Told ended = [attempt, told = std::move(told)](base::Result<std::string> result) {
    if (attempt->quota != nullptr) {
      attempt->quota->end(attempt->call != 0);
    }
    told(std::move(result));
  };
  auto made = members(call, *attempt);
  if (!made) {
    ended(made.error());
    return;
  }
  calls_.run({attempt, std::move(*made), kDeadline, "a static call", kAllowed, {}, std::move(ended)});
}

}  // namespace patchbay::engine
