#include "ledger.h"

#include "policy.h"

namespace patchbay::simulate {

namespace {

std::string placeOf(std::string_view flowId, std::string_view node, std::string_view id) {
  return std::string(flowId) + "/" + std::string(node) + " " + std::string(id);
}

}  // namespace

void Ledger::addFlow(const FlowGraph& graph) {
  flows_[graph.flowId].graph = graph;
}

void Ledger::fail(std::string what) {
  trace_.note("FAILED: " + what);
  if (!failure_) {
    failure_ = std::move(what);
  }
}

// "w7.n0a.n1b~" → "w7".
std::string Ledger::rootOf(std::string_view id) {
  return std::string(id.substr(0, id.find_first_of(".~")));
}

Ledger::Progress& Ledger::progress(const CallFacts& call) {
  return progress_[placeOf(call.flowId, call.node, call.id)];
}

std::string Ledger::newMessage(const std::string& flowId) {
  const std::string id = "w" + std::to_string(++lastMessage_);
  roots_[id].flowId = flowId;
  return id;
}

void Ledger::accepted(const std::string& id) {
  trace_.note("accepted " + id);
  Root& root = roots_.at(id);
  ++acceptedMessages_;
  root.accepted = true;
  const Flow& flow = flows_.at(root.flowId);
  // A start that fails stops the flow again, and what came meanwhile goes with it.
  root.excused = root.excused || flow.stage != Stage::kRunning || flow.dropping;
}

void Ledger::refused(const std::string& id) {
  trace_.note("refused " + id);
  Root& root = roots_.at(id);
  root.refused = true;
  if (progress_.contains(placeOf(root.flowId, flows_.at(root.flowId).graph.trigger, id))) {
    fail(id + " was refused although its component has been called with it");
  }
}

void Ledger::called(const CallFacts& call) {
  trace_.note("call " + call.method + " " + placeOf(call.flowId, call.node, call.id) + " #" +
              std::to_string(call.attempt));
  ++calls_;
  if (call.method == "start" || call.method == "stop") {
    return;
  }
  if (flows_.at(call.flowId).stage == Stage::kStopped) {
    fail(placeOf(call.flowId, call.node, call.id) + " was called while its flow is stopped");
  }
  if (call.method == "tick") {
    return;
  }
  const auto root = roots_.find(rootOf(call.id));
  if (root == roots_.end() || root->second.flowId != call.flowId || root->second.refused) {
    fail(placeOf(call.flowId, call.node, call.id) + " was delivered and never accepted");
    return;
  }
  if (root->second.forbidden) {
    fail(placeOf(call.flowId, call.node, call.id) +
         " was delivered after the stop that dropped it");
  }
  if (call.attempt < 1 || call.attempt > kMostAttemptNumber) {
    fail(placeOf(call.flowId, call.node, call.id) + " was tried for the " +
         std::to_string(call.attempt) + "th time");
  }
  ++progress(call).calls;
}

void Ledger::succeeded(const CallFacts& call) {
  trace_.note("done " + placeOf(call.flowId, call.node, call.id));
  progress(call).succeeded = true;
}

void Ledger::failed(const CallFacts& call, runtime::FailKind kind) {
  trace_.note("fail " + placeOf(call.flowId, call.node, call.id));
  Progress& at = progress(call);
  ++at.failures;
  at.cancelled = at.cancelled || kind == runtime::FailKind::kCancel;
  at.refusedInput = at.refusedInput || kind == runtime::FailKind::kValidation;
}

void Ledger::lost(const CallFacts& call) {
  trace_.note("lost " + placeOf(call.flowId, call.node, call.id));
  Progress& at = progress(call);
  ++at.failures;
  ++at.losses;
}

// What was told is committed: the next one is higher.
void Ledger::counted(const CallFacts& call, std::int64_t value) {
  Progress& at = progress(call);
  if (value <= at.count || value > at.countsAsked) {
    fail(placeOf(call.flowId, call.node, call.id) + " was counted as " + std::to_string(value) +
         " after " + std::to_string(at.count) + ", asked for " + std::to_string(at.countsAsked) +
         " times");
  }
  at.count = value;
}

void Ledger::startAsked(const std::string& flowId) {
  trace_.note("start " + flowId);
  Flow& flow = flows_.at(flowId);
  if (flow.stage != Stage::kRunning) {
    flow.stage = Stage::kStarting;
    forgetCounts(flowId);
  }
}

void Ledger::startTold(const std::string& flowId, bool started) {
  trace_.note((started ? "started " : "did not start ") + flowId);
  Flow& flow = flows_.at(flowId);
  flow.stage = started ? Stage::kRunning : Stage::kStopped;
  flow.mayStillStart = flow.mayStillStart && !started;
}

// A flow that is stopped keeps what is parked.
void Ledger::stopAsked(const std::string& flowId, bool drops) {
  trace_.note((drops ? "stop and drop " : "stop and park ") + flowId);
  Flow& flow = flows_.at(flowId);
  flow.stopping = flow.stage != Stage::kStopped;
  flow.dropping = drops && flow.stage != Stage::kStopped;
  flow.dropsForSure = flow.dropping && flow.stage == Stage::kRunning;
}

void Ledger::stopTold(const std::string& flowId) {
  trace_.note("stopped " + flowId);
  Flow& flow = flows_.at(flowId);
  flow.stage = flow.mayStillStart ? Stage::kUnknown : Stage::kStopped;
  flow.stopping = false;
  if (std::exchange(flow.dropping, false)) {
    excuse(flowId, flow.dropsForSure);
    forgetCounts(flowId);
  }
}

void Ledger::commandFailed(const std::string& flowId) {
  trace_.note("command failed " + flowId);
  Flow& flow = flows_.at(flowId);
  flow.mayStillStart = flow.mayStillStart || flow.stage == Stage::kStarting;
  flow.stage = Stage::kUnknown;
  flow.stopping = false;
  if (std::exchange(flow.dropping, false)) {
    excuse(flowId, false);
  }
}

// A person puts a dead letter back, also one of a run that is over.
void Ledger::replayAsked(const std::string& flowId, const std::string& id) {
  trace_.note("replay " + flowId + " " + id);
  roots_.at(rootOf(id)).forbidden = false;
}

// A start that nothing is parked for begins with fresh state.
void Ledger::forgetCounts(const std::string& flowId) {
  for (auto at = progress_.lower_bound(flowId + "/");
       at != progress_.end() && at->first.starts_with(flowId + "/"); ++at) {
    at->second.count = 0;
  }
}

void Ledger::excuse(const std::string& flowId, bool forbids) {
  for (auto& [id, root] : roots_) {
    if (root.flowId == flowId && !root.refused) {
      root.excused = true;
      root.forbidden = root.forbidden || (forbids && root.accepted);
    }
  }
}

// Whether a command that was under way is carried on is not known here.
void Ledger::crashed() {
  for (auto& [flowId, flow] : flows_) {
    if (flow.stopping || flow.stage == Stage::kStarting) {
      flow.stage = Stage::kUnknown;
    }
    flow.stopping = false;
    if (std::exchange(flow.dropping, false)) {
      excuse(flowId, false);
    }
  }
}

void Ledger::check(const std::vector<DeadLetter>& deadLetters) {
  std::set<std::string> places;
  for (const DeadLetter& letter : deadLetters) {
    places.insert(placeOf(letter.flowId, letter.node, letter.id));
    checkDeadLetter(letter);
  }
  for (const auto& [id, root] : roots_) {
    if (root.accepted && !root.excused) {
      const Flow& flow = flows_.at(root.flowId);
      if (flow.graph.nodes.at(flow.graph.trigger).kind == Kind::kHook) {
        checkDelivery(flow.graph.trigger, id, flow, places);
      } else {
        for (const std::string& target : flow.graph.nodes.at(flow.graph.trigger).targets) {
          checkDelivery(target, id, flow, places);
        }
      }
    }
  }
}

void Ledger::checkDelivery(const std::string& node, const std::string& id, const Flow& flow,
                           const std::set<std::string>& deadLetters) {
  const std::string place = placeOf(flow.graph.flowId, node, id);
  const Progress& at = progress_[place];
  if (deadLetters.contains(place) || at.cancelled) {
    return;
  }
  if (!at.succeeded) {
    fail(place + " was lost: accepted, " + std::to_string(at.calls) +
         " calls, none of them ended well, and no dead letter");
    return;
  }
  const FlowNode& sender = flow.graph.nodes.at(node);
  if (sender.kind == Kind::kDelay && !isTimer(id)) {
    checkDelivery(node, timerOf(id), flow, deadLetters);
  }
  for (const std::string& sent : sentBy(seed_, sender.kind, node, id)) {
    for (const std::string& target : sender.targets) {
      checkDelivery(target, sent, flow, deadLetters);
    }
  }
}

// Not before its tries are used up.
void Ledger::checkDeadLetter(const DeadLetter& letter) {
  const std::string place = placeOf(letter.flowId, letter.node, letter.id);
  const Progress& at = progress_[place];
  const Kind kind = flows_.at(letter.flowId).graph.nodes.at(letter.node).kind;
  const bool isClient = fateOf(seed_, kind, letter.node, letter.id) == Fate::kThrowsClient;
  const int tries = 1 + (isClient ? kMaxTries / 3 : kMaxTries);
  const bool isMissing = kind == Kind::kSpare && spareWasRemoved_;
  if (!at.refusedInput && !isMissing && at.failures < tries && at.losses < kMaxLosses) {
    fail(place + " became a dead letter after " + std::to_string(at.failures) + " failures, " +
         std::to_string(at.losses) + " of them losses");
  }
}

}  // namespace patchbay::simulate
