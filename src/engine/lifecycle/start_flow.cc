#include "engine/lifecycle/start_flow.h"

#include "access/acl.h"
#include "accounts/accounts.h"
#include "base/json.h"
#include "engine/dispatcher.h"
#include "engine/lifecycle/stop_flow.h"
#include "engine/lifecycle/stop_note.h"
#include "flows/validation.h"
#include "store/attention.h"
#include "store/bundles.h"
#include "store/messages.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {
constexpr base::Millis kPinsAgain{50};
}  // namespace

void StartFlow::run(LifecycleParts& parts, const std::string& flowId, std::optional<access::Caller> caller, Told told) {
  std::shared_ptr<StartFlow> operation(new StartFlow(parts, flowId, std::move(caller), std::move(told)));
  operation->prepare();
}

StartFlow::StartFlow(LifecycleParts& lifecycle, std::string flowId, std::optional<access::Caller> caller, Told told)
    : lifecycle_(lifecycle),
      parts_(lifecycle.parts),
      flowId_(std::move(flowId)),
      caller_(std::move(caller)),
      told_(std::move(told)) {}

void StartFlow::end(base::Status status) { told_(std::move(status)); }

base::Status StartFlow::check(store::Transaction& tx) {
  const auto record = tx.flows().byId(flowId_);
  if (!record) {
    return base::fail(base::Code::kNotFound, "Flow " + flowId_ + " was not found.");
  }
  record_ = *record;
  pinRows_ = tx.flows().pins(flowId_);
  parked_ = !tx.messages().ofFlow(flowId_).empty();
  auto document = json::parse(record_.document, "The flow's document", 512);
  if (!document) {
    return document.error();
  }
  const json::value* graph = json::find(*document, "flow");
  auto descriptor = flows::Descriptor::parse(graph == nullptr ? json::value(json::object()) : *graph);
  if (!descriptor) {
    return descriptor.error();
  }
  flows::Facts facts;
  facts.withAccount = flows::componentsWithAccount(tx, flowId_);
  if (caller_) {
    facts.mayUse = [this](const connectors::Component& component) {
      return parts_.acl.mayUse(*caller_, component.name, component.isPrivate);
    };
  }
  return flows::startVerdict(flows::validate(**descriptor, parts_.registry, facts),
                             parts_.configuration.flag("FLOW_VALIDATE_BEFORE_START", false));
}

void StartFlow::choosePins() {
  for (const store::FlowPinRecord& pin : pinRows_) {
    if (pin.sideBySide) {
      pins_[pin.bundle] = pin.revision;
    }
  }
  std::erase_if(pinRows_, [](const store::FlowPinRecord& pin) { return !pin.sideBySide; });
  const auto document = json::parseOwn(record_.document);
  for (const auto& [id, node] : json::getObject(document.as_object(), "flow")) {
    const connectors::Found found =
        parts_.registry.find(node.is_object() ? json::getString(node.get_object(), "type") : std::string());
    if (found && !pins_.contains(found.revision->bundle)) {
      pins_[found.revision->bundle] = found.revision->id;
      pinRows_.push_back({flowId_, found.revision->bundle, found.revision->id, false});
    }
  }
}

void StartFlow::prepare() {
  pins_.clear();
  if (const FlowEntry* entry = lifecycle_.flows.find(flowId_)) {
    waited_ = entry->stage == Stage::kParked;
  }
  parts_.accounts.forgetFlow(flowId_);  // assignments may have changed with the flow's components
  base::Status verdict;
  const base::Status read = parts_.store.read([&](store::Transaction& tx) { verdict = check(tx); });
  if (!read) {
    end(read);
    return;
  }
  if (!verdict) {
    refuse(verdict);
    return;
  }
  choosePins();
  const std::int64_t now = base::toMillis(parts_.clock.now());
  // A start that was cut off goes on with its run: what was accepted for it since then is of that run.
  if ((!parked_ && !wasCutOff()) || record_.runId == 0) {
    record_.runId = std::max(now, record_.runId + 1);
  }
  auto flow = makeRunningFlow(record_, pins_, lifecycle_.flows.ground());
  if (!flow) {
    refuse(flow.error());
    return;
  }
  flow_ = *flow;
  resolveProperties();
}

void StartFlow::resolveProperties() {
  waiting_ = flow_->nodes.size() + 1;
  const auto self = shared_from_this();
  const auto resolved = [self] {
    if (--self->waiting_ == 0) {
      if (self->failure_) {
        self->persistStarting();
      } else {
        self->refuse(self->failure_);
      }
    }
  };
  for (auto& [componentId, node] : flow_->nodes) {
    RunningNode* target = &node;
    lifecycle_.mapper.properties(flow_, node, record_.runId, [self, target, resolved](base::Result<std::string> text) {
      if (text) {
        target->properties = std::move(*text);
        writeConstantMembers(*self->flow_, *target);
      } else {
        self->failure_ = text.error();
      }
      resolved();
    });
  }
  resolved();
}

// What is installed may have changed since the pins were chosen (R13): an update in between has not seen this flow run.
base::Status StartFlow::checkPins(store::Transaction& tx) const {
  for (const store::FlowPinRecord& pin : pinRows_) {
    if (!pin.sideBySide && !tx.bundles().isCurrent(pin.revision)) {
      return base::fail(base::Code::kStale, "Connector " + pin.bundle + " was changed while the flow started. Nothing was changed: start it again.");
    }
  }
  return {};
}

void StartFlow::persistStarting() {
  FlowEntry& entry = lifecycle_.flows.put(flowId_, record_.userId, record_.runId, Stage::kStarting);
  lifecycle_.flows.setLoaded(entry, flow_);
  const bool fresh = !parked_;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> cleared;
  for (const auto& [componentId, node] : flow_->nodes) {
    properties.emplace_back(componentId, node.properties);
    if (fresh && !(node.found && node.found.component->persistentState)) {
      cleared.push_back(componentId);
    } else {
      entry.stateful.insert(componentId);
    }
  }
  const auto self = shared_from_this();
  parts_.store.submit(
      [self, properties = std::move(properties), cleared = std::move(cleared), fresh](store::Transaction& tx) {
        const std::string& flowId = self->flowId_;
        if (base::Status pins = self->checkPins(tx); !pins) {
          return pins;
        }
        forgetParked(tx, flowId);
        tx.flows().setStage(flowId, "starting", self->record_.runId, self->record_.started, self->record_.stopped);
        tx.flows().setPins(flowId, self->pinRows_);
        tx.states().clear("p:" + flowId);
        for (const auto& [componentId, text] : properties) {
          tx.states().put("p:" + flowId, componentId, text);
        }
        for (const std::string& componentId : cleared) {
          tx.states().clear("c:" + flowId + ":" + componentId);
        }
        if (fresh) {
          tx.states().clear("f:" + flowId);
        }
        return base::Status();
      },
      [self](base::Status status) {
        self->parts_.loop.post([self, status = std::move(status)] {
          if (status) {
            self->startComponents();
          } else if (status.error().code == base::Code::kStale) {
            self->undo();
            self->parts_.loop.after(kPinsAgain, [self] { self->prepare(); });
          } else {
            self->undo();
            self->end(status);
          }
        });
      });
}

void StartFlow::startComponents() {
  waiting_ = 1;
  const auto self = shared_from_this();
  for (const auto& [componentId, node] : flow_->nodes) {
    if (node.found && node.found.component->hasStart) {
      ++waiting_;
    }
  }
  for (const auto& [componentId, node] : flow_->nodes) {
    if (node.found && node.found.component->hasStart) {
      callLifecycle(parts_, *flow_, node, queue::Wake::kStart,
                    [self, id = componentId](const base::Status& status) { self->componentStarted(id, status); });
    }
  }
  componentStarted("", base::Status());
}

void StartFlow::componentStarted(const std::string& componentId, const base::Status& status) {
  if (!status && failure_) {
    const RunningNode* node = flow_->find(componentId);
    json::object entry{{"componentId", componentId},
                       {"componentType", node->node->type},
                       {"errors", json::array{json::object{{"message", status.error().message}}}}};
    failure_ = base::fail(base::Code::kInvalid, "Component " + node->node->type + " did not start: " +
                                                    status.error().message + " The flow is stopped.",
                          json::array{std::move(entry)});
  }
  if (--waiting_ > 0) {
    return;
  }
  if (failure_) {
    persistRunning();
  } else {
    giveUp();
  }
}

void StartFlow::persistRunning() {
  const auto self = shared_from_this();
  const std::int64_t now = base::toMillis(parts_.clock.now());
  parts_.queue.unparkFlow(
      flowId_,
      [self, now](store::Transaction& tx) {
        tx.flows().setStage(self->flowId_, "running", self->record_.runId, now, self->record_.stopped);
        tx.attention().clear(self->flowId_);  // whatever it was, it runs again (S112)
        return base::Status();
      },
      [self](const base::Status&) { self->running(); });
}

void StartFlow::running() {
  FlowEntry* entry = lifecycle_.flows.find(flowId_);
  if (entry == nullptr || entry->stage != Stage::kStarting) {
    end(base::fail(base::Code::kConflict, "The flow was stopped while it started."));
    return;
  }
  entry->stage = Stage::kRunning;
  lifecycle_.ticks.add(flowId_, record_.runId, pollingOf(*flow_), false);
  lifecycle_.records.flow(flowId_, record_.userId, "Flow started.");
  tellStage(parts_, flowId_, record_.userId, true);
  parts_.queue.unblock(Dispatcher::flowGate(flowId_));
  end(base::Status());
}

// Nothing was changed; but a start that was cut off had changed something before, and leaves the flow stopped.
void StartFlow::refuse(base::Status why) {
  if (!wasCutOff()) {
    end(std::move(why));
    return;
  }
  failure_ = std::move(why);
  giveUp();
}

// Its row says what it said before.
void StartFlow::undo() {
  if (waited_) {
    lifecycle_.flows.put(flowId_, record_.userId, record_.runId, Stage::kParked);
  } else if (!wasCutOff()) {
    lifecycle_.flows.erase(flowId_);
  }
}

void StartFlow::giveUp() {
  lifecycle_.records.flowError(flowId_, record_.userId, "", failure_.error().message);
  const auto self = shared_from_this();
  StopCause cause;
  if (!caller_) {  // whoever started it has had his answer, or lost it with the server before
    cause.reason = kStopSystem;
    cause.err = json::write(json::object{{"message", failure_.error().message}, {"code", base::codeText(failure_.error().code)}});
  }
  // What waited parked for this start goes on waiting.
  StopFlow::run(lifecycle_, flowId_, Kept{parked_, parked_, waited_}, [self](const base::Status&) { self->end(self->failure_); },
                std::move(cause));
}

}  // namespace patchbay::engine
