#include "engine/engine.h"

#include "base/log.h"
#include "engine/context/component_calls.h"
#include "engine/context/data_store_calls.h"
#include "engine/context/file_calls.h"
#include "engine/context/flow_calls.h"
#include "engine/context/listener_calls.h"
#include "engine/context/lock_calls.h"
#include "engine/context/quota_calls.h"
#include "engine/context/reply_calls.h"
#include "engine/context/state_calls.h"
#include "engine/context/timer_calls.h"
#include "engine/lifecycle/restart_changed.h"
#include "engine/lifecycle/start_flow.h"
#include "engine/lifecycle/stop_flow.h"
#include "engine/lifecycle/stop_note.h"
#include "store/messages.h"
#include "webhooks/reply_desk.h"

namespace patchbay::engine {

namespace {
constexpr base::Millis kClosePoll{20};
}  // namespace

Engine::Engine(Parts& parts)
    : parts_(parts),
      flows_(parts.store, parts.registry),
      records_(parts.flowLog, parts.clock, parts.configuration),
      mapper_(parts),
      hostCalls_(parts),
      outsideCalls_(parts, hostCalls_),
      staticCalls_(parts, outsideCalls_, quota_),
      componentTests_(parts, flows_, mapper_, outsideCalls_),
      sourceLookups_(staticCalls_, parts.clock),
      locks_(parts.loop),
      quotaDefinitions_(parts),
      quota_(parts, quotaDefinitions_),
      emitter_(parts, records_),
      deadLetters_(parts, flows_),
      lifetime_(parts.configuration),
      missing_(parts),
      completion_(parts, attempts_, emitter_, deadLetters_, records_, hostCalls_, locks_, missing_,
                  [this](const std::string& flowId, StopCause cause) {
                    stopByFlow(flowId, std::move(cause));
                  }),
      delivery_(parts, flows_, attempts_, records_, mapper_),
      dispatcher_(parts, flows_, attempts_, quota_, lifetime_, delivery_, completion_),
      timers_(parts),
      ticks_(parts),
      parkedExpiry_(parts, lifetime_, deadLetters_),
      intake_(parts, flows_),
      lifecycle_{parts, flows_, attempts_, locks_, mapper_, ticks_, records_, quota_},
      carryOn_(lifecycle_, commands_) {
  delivery_.setListeners(completion_, completion_);
  addStateCalls(hostCalls_, flows_);
  addTimerCalls(hostCalls_, parts_);
  addReplyCalls(hostCalls_, parts_);
  addLockCalls(hostCalls_, locks_);
  addQuotaCalls(hostCalls_);
  addCacheCalls(hostCalls_, cache_, parts_.clock);
  addFileCalls(hostCalls_, parts_);
  addDataStoreCalls(hostCalls_, parts_, intake_);
  addFlowCalls(hostCalls_, parts_,
               [this](const std::string& flowId, StopCause cause) { stopByFlow(flowId, std::move(cause)); });
  addComponentCalls(hostCalls_, parts_, flows_, staticCalls_);
  addListenerCalls(hostCalls_, parts_);
  parts_.queue.setListener(*this);
  parts_.configuration.onChange([this](const std::string& key) { parts_.loop.post([this, key] { configurationChanged(key); }); });
  parts_.registry.onChange([this](const std::string&) { parts_.loop.post([this] { connectorChanged(); }); });
  quotaDefinitions_.onChange([this] { parts_.loop.post([this] { quotasChanged(); }); });
}

void Engine::setChangedModifiers(flows::ChangedModifiers changed) {
  parts_.loop.post([this, changed = std::move(changed)]() mutable { flows_.setChangedModifiers(std::move(changed)); });
}

void Engine::onTraceEnded(queue::MessageId trace) { parts_.replies.traceEnded(trace); }

base::Status Engine::open() {
  if (base::Status read = quotaDefinitions_.load(); !read) {
    return read;
  }
  if (base::Status read = quota_.open(); !read) {
    return read;
  }
  return parts_.store.read([this](store::Transaction& tx) {
    for (const store::FlowRecord& flow : tx.flows().byStage("running")) {
      flows_.put(flow.flowId, flow.userId, flow.runId, Stage::kRunning);
    }
    for (const char* stage : {"starting", "stopping"}) {
      for (const store::FlowRecord& flow : tx.flows().byStage(stage)) {
        flows_.put(flow.flowId, flow.userId, flow.runId,
                   std::string_view(stage) == "starting" ? Stage::kStarting : Stage::kStopping);
      }
    }
    for (const std::string& flowId : parkedFlows(tx)) {
      const auto flow = tx.flows().byId(flowId);
      if (flow && flow->stage == "stopped") {
        flows_.put(flowId, flow->userId, flow->runId, Stage::kParked).waiting = tx.messages().ofFlow(flowId).size();
      }
    }
    readComponents(tx);
  });
}

void Engine::configurationChanged(const std::string& key) {
  records_.readLimits();
  if (key == MessageLifetime::kKey) {
    parkedExpiry_.lookAgain();
  }
}

void Engine::connectorChanged() {
  flows_.forgetLoaded();
  missing_.lookAgain();
}

// Whoever waits asks again: the new rules may have room.
void Engine::quotasChanged() {
  flows_.forgetLoaded();
  quota_.hasten([this](std::int64_t dueAt) { timers_.scheduled(dueAt); });
}

void Engine::accountReconnected(std::vector<std::string> flowIds) {
  parts_.loop.post([this, flowIds = std::move(flowIds)] {
    std::vector<queue::MessageQueue::Instance> all;
    for (const std::string& flowId : flowIds) {
      all.push_back({flowId, {}});
    }
    parts_.queue.makeRetriesReady(std::move(all));
  });
}

// Which components are polled, and which are missing. A removed connector's go by the manifest of the pinned revision (R14).
void Engine::readComponents(store::Transaction& tx) {
  std::unordered_map<std::string, Pins> pins;
  for (store::FlowPinRecord& pin : tx.flows().allPins()) {
    pins[pin.flowId].emplace(std::move(pin.bundle), std::move(pin.revision));
  }
  std::unordered_map<std::string, std::vector<Polling>> polling;
  for (const store::FlowComponentRecord& row : tx.flows().allComponents()) {
    const FlowEntry* entry = flows_.find(row.flowId);
    if (entry == nullptr || entry->stage != Stage::kRunning) {
      continue;
    }
    if (const connectors::Found now = parts_.registry.find(row.type); !now || !now.component->loadError.empty()) {
      missing_.add(row.type);
    }
    const connectors::Found found = lastKnown(parts_.registry, pins[row.flowId], row.type);
    if (found && found.component->tick && found.component->hasTick) {
      polling[row.flowId].push_back({row.componentId, found.component->tickPeriodMs});
    }
  }
  for (const auto& [flowId, components] : polling) {
    ticks_.add(flowId, flows_.find(flowId)->runId, components, true);
  }
}

void Engine::begin() {
  componentTests_.begin();
  timers_.start();
  parkedExpiry_.begin();
  intake_.parkAccepted();
  dispatcher_.wake();
  carryOn_.run();
}

void Engine::close(base::Millis patience, std::function<void()> closed) {
  intake_.close();
  carryOn_.close();
  dispatcher_.close();
  timers_.stop();
  ticks_.stop();
  parkedExpiry_.stop();
  waitForAttempts(parts_.clock.now() + patience, std::move(closed));
}

void Engine::waitForAttempts(base::Time until, std::function<void()> closed) {
  const bool settled = attempts_.size() == 0 && !parts_.queue.hasArrivals();  // whoever waits for an arrival can be told
  if (settled || parts_.clock.now() >= until) {
    parts_.replies.closeAll();
    closed();
    return;
  }
  parts_.loop.after(kClosePoll, [this, until, closed = std::move(closed)]() mutable {
    waitForAttempts(until, std::move(closed));
  });
}

void Engine::command(const std::string& flowId, Told told, std::function<void(Told)> work) {
  Told end = commands_.begin(flowId, told);
  if (!end) {
    told(base::fail(base::Code::kConflict, "Another command of flow " + flowId + " is in progress. Nothing was changed: try again when it is over."));
    return;
  }
  work(std::move(end));
}

void Engine::start(const std::string& flowId, const access::Caller& caller, Told told) {
  parts_.loop.post([this, flowId, caller, told = std::move(told)]() mutable { startOnLoop(flowId, caller, std::move(told)); });
}

void Engine::startOnLoop(const std::string& flowId, std::optional<access::Caller> caller, Told told) {
  command(flowId, std::move(told), [this, flowId, caller = std::move(caller)](Told end) {
    const FlowEntry* entry = flows_.find(flowId);
    if (entry == nullptr || entry->stage == Stage::kParked || entry->stage == Stage::kStarting) {  // the latter was cut off and waits for its next try
      StartFlow::run(lifecycle_, flowId, caller, std::move(end));
    } else if (entry->stage == Stage::kStopping) {
      end(base::fail(base::Code::kConflict, "Flow " + flowId + " is being stopped. Nothing was changed: try again when it is stopped."));
    } else {
      end(base::Status());
    }
  });
}

void Engine::stop(const std::string& flowId, flows::StopReason reason, flows::InProgressData data, Told told) {
  parts_.loop.post([this, flowId, reason, data, told = std::move(told)]() mutable {
    stopOnLoop(flowId, reason, data, std::move(told));
  });
}

void Engine::stopBySystem(const std::string& flowId, StopCause cause, Told told) {
  parts_.loop.post([this, flowId, cause = std::move(cause), told = std::move(told)]() mutable {
    stopOnLoop(flowId, flows::StopReason::kOperation, flows::InProgressData::kDefault, std::move(told), std::move(cause));
  });
}

void Engine::stopOnLoop(const std::string& flowId, flows::StopReason reason, flows::InProgressData data, Told told,
                        StopCause cause) {
  command(flowId, std::move(told), [this, flowId, reason, data, cause = std::move(cause)](Told end) {
    const FlowEntry* entry = flows_.find(flowId);
    if (entry == nullptr || entry->stage == Stage::kParked) {
      end(base::Status());
      return;
    }
    const bool parks = reason == flows::StopReason::kAdmin || reason == flows::StopReason::kOperation;
    const bool keepQueue = data == flows::InProgressData::kDefault ? parks : data == flows::InProgressData::kKeep;
    StopFlow::run(lifecycle_, flowId, Kept{keepQueue, parks}, std::move(end), cause);
  });
}

void Engine::stopForOperation(const std::string& flowId, flows::InProgressData data, Told told) {
  parts_.loop.post([this, flowId, data, told = std::move(told)]() mutable {
    command(flowId, std::move(told), [this, flowId, data](Told end) {
      const FlowEntry* entry = flows_.find(flowId);
      if (entry == nullptr || entry->stage == Stage::kParked) {
        end(base::Status());
        return;
      }
      StopFlow::run(lifecycle_, flowId, Kept{data != flows::InProgressData::kDelete, true, true}, std::move(end));
    });
  });
}

void Engine::startAgain(const std::string& flowId, Told told) {
  parts_.loop.post([this, flowId, told = std::move(told)]() mutable {
    if (flows_.find(flowId) == nullptr) {
      told(base::fail(base::Code::kNotFound, "Flow " + flowId + " does not wait to be started again. It was not started."));
    } else {
      startOnLoop(flowId, std::nullopt, std::move(told));
    }
  });
}

void Engine::pollingChanged(const std::string& bundle) {
  parts_.loop.post([this, bundle] { readPolling(bundle); });
}

void Engine::readPolling(const std::string& bundle) {
  std::vector<std::string> flowIds;
  const base::Status read = parts_.store.read([&](store::Transaction& tx) {
    for (store::FlowPinRecord& pin : tx.flows().pinsOfBundle(bundle)) {
      flowIds.push_back(std::move(pin.flowId));
    }
  });
  if (!read) {
    spdlog::error("flows go on being polled as before the update of {}: {}", bundle, read.error().message);
    return;
  }
  for (const std::string& flowId : flowIds) {
    const FlowEntry* entry = flows_.find(flowId);
    const auto flow = entry == nullptr || entry->stage != Stage::kRunning ? nullptr : flows_.flow(flowId);
    if (flow != nullptr) {
      ticks_.remove(flowId);
      ticks_.add(flowId, entry->runId, pollingOf(*flow), true);
    }
  }
}

void Engine::stopByFlow(const std::string& flowId, StopCause cause) {
  commands_.after(flowId, [this, flowId, cause = std::move(cause)] {
    stopOnLoop(flowId, flows::StopReason::kFlow, flows::InProgressData::kDefault, [flowId](const base::Status& status) {
      if (!status) {
        spdlog::warn("flow {} did not stop itself: {}", flowId, status.error().message);
      }
    }, cause);
  });
}

void Engine::restartChanged(const std::string& flowId, flows::InProgressData data, Told told) {
  parts_.loop.post([this, flowId, data, told = std::move(told)]() mutable {
    command(flowId, std::move(told), [this, flowId, data](Told end) {
      engine::restartChanged(lifecycle_, flowId, data == flows::InProgressData::kDelete, std::move(end));
    });
  });
}

void Engine::inject(flows::Injection injection, Told told) { intake_.inject(std::move(injection), std::move(told)); }

std::optional<flows::CommandStatus> Engine::status(const std::string& flowId) { return commands_.status(flowId); }

void Engine::dropFlow(const std::string& flowId, Told told) {
  parts_.loop.post([this, flowId, told = std::move(told)]() mutable {
    command(flowId, std::move(told), [this, flowId](Told end) {
      const FlowEntry* entry = flows_.find(flowId);
      if (entry == nullptr || entry->stage == Stage::kParked) {
        flows_.erase(flowId);
        quota_.forgetFlow(flowId);
        parts_.queue.dropFlow(flowId, [flowId](store::Transaction& tx) { forgetParked(tx, flowId); return base::Status(); }, std::move(end));
      } else {
        StopFlow::run(lifecycle_, flowId, Kept{}, std::move(end));
      }
    });
  });
}

void Engine::retry(const std::string& messageId, std::function<void(base::Status)> told) {
  parts_.loop.post([this, messageId, told = std::move(told)]() mutable { deadLetters_.retry(messageId, std::move(told)); });
}

}  // namespace patchbay::engine
