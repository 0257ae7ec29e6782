// The engine: runs flows. It owns nothing but *delivery*; everything it works on comes in as Parts.
//
// Who does what: Dispatcher chooses, Delivery prepares and calls, HostCalls answers components while they run, Completion takes outcomes,
// RetryPolicy and DeadLetters decide about failures, lifecycle/ starts and stops, chores/ wake by time, WebhookIntake lets messages in.
// Threads: the Coordinator and UnprocessedReplay functions are safe from any thread; everything else runs on the engine loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/attempt.h"
#include "engine/chores/parked_expiry.h"
#include "engine/chores/tick_pump.h"
#include "engine/chores/timer_pump.h"
#include "engine/completion.h"
#include "engine/component_tests.h"
#include "engine/context/cache_calls.h"
#include "engine/context/host_calls.h"
#include "engine/context/locks.h"
#include "engine/dead_letters.h"
#include "engine/delivery.h"
#include "engine/dispatcher.h"
#include "engine/emitter.h"
#include "engine/flow_directory.h"
#include "engine/flow_records.h"
#include "engine/input_mapper.h"
#include "engine/lifecycle/carry_on.h"
#include "engine/lifecycle/commands.h"
#include "engine/lifecycle/lifecycle_parts.h"
#include "engine/message_lifetime.h"
#include "engine/missing_components.h"
#include "engine/outside_calls.h"
#include "engine/parts.h"
#include "engine/quota/definitions.h"
#include "engine/quota/gate.h"
#include "engine/source_lookups.h"
#include "engine/static_calls.h"
#include "engine/webhook_intake.h"
#include "flows/coordinator.h"
#include "flows/unprocessed_replay.h"

namespace patchbay::engine {

class Engine final : public flows::Coordinator, public flows::UnprocessedReplay, private queue::QueueListener {
 public:
  explicit Engine(Parts& parts);

  // Reads which flows run. Once, before the loop runs; blocking.
  base::Status open();
  // On the loop: deliveries begin, starts and stops that were cut off are carried on.
  void begin();
  // No new work; `closed` when what is under way has ended, or after `patience`. Rows stay: runs go on at the next start.
  void close(base::Millis patience, std::function<void()> closed);

  WebhookIntake& intake() { return intake_; }
  StaticCalls& staticCalls() { return staticCalls_; }
  ComponentTests& componentTests() { return componentTests_; }
  SourceLookups& sourceLookups() { return sourceLookups_; }
  std::size_t attemptsUnderWay() const { return attempts_.size(); }  // on the loop
  // An account works again: what waits for another attempt in these flows is ready at once (R7). Any thread.
  void accountReconnected(std::vector<std::string> flowIds);
  QuotaDefinitions& quotas() { return quotaDefinitions_; }
  Locks& locks() { return locks_; }  // on the loop
  // Which modifiers are no longer as shipped. Any thread.
  void setChangedModifiers(flows::ChangedModifiers changed);

  void start(const std::string& flowId, const access::Caller& caller, Told told) override;
  void stop(const std::string& flowId, flows::StopReason reason, flows::InProgressData data, Told told) override;
  // For an operation on a connector: what is under way may end first, the queue waits (`data` kDelete: it is dropped), state stays, and
  // webhooks are accepted and wait for the next start (R6, R23). Nobody is told of it: the operation does that when it succeeds.
  void stopForOperation(const std::string& flowId, flows::InProgressData data, Told told);
  // Starts again what stopForOperation had stopped; if that fails it stays as it is and WEBHOOK_FLOW_STOPPED says so. A flow that runs:
  // success, no effect. One that somebody else has stopped: kNotFound.
  void startAgain(const std::string& flowId, Told told);
  // The components of this connector are polled at other times than before, or not any more.
  void pollingChanged(const std::string& bundle);
  // Neither its owner nor an admin stops it: queue and state stay, and WEBHOOK_FLOW_STOPPED says why. As stop() otherwise.
  void stopBySystem(const std::string& flowId, StopCause cause, Told told);
  void restartChanged(const std::string& flowId, flows::InProgressData data, Told told) override;
  void inject(flows::Injection injection, Told told) override;
  std::optional<flows::CommandStatus> status(const std::string& flowId) override;
  void dropFlow(const std::string& flowId, Told told) override;
  void retry(const std::string& messageId, std::function<void(base::Status)> told) override;

 private:
  void onReady() override { dispatcher_.wake(); }
  void onTraceEnded(queue::MessageId trace) override;
  void onScheduled(std::int64_t dueAt) override { timers_.scheduled(dueAt); }

  void command(const std::string& flowId, Told told, std::function<void(Told)> work);
  void startOnLoop(const std::string& flowId, std::optional<access::Caller> caller, Told told);
  void stopOnLoop(const std::string& flowId, flows::StopReason reason, flows::InProgressData data, Told told,
                  StopCause cause = {});
  void stopByFlow(const std::string& flowId, StopCause cause);
  void readComponents(store::Transaction& tx);
  void configurationChanged(const std::string& key);
  void connectorChanged();
  void readPolling(const std::string& bundle);
  void quotasChanged();
  void waitForAttempts(base::Time until, std::function<void()> closed);

  Parts& parts_;
  FlowDirectory flows_;
  Attempts attempts_;
  FlowRecords records_;
  InputMapper mapper_;
  HostCalls hostCalls_;
  OutsideCalls outsideCalls_;
  StaticCalls staticCalls_;
  ComponentTests componentTests_;
  SourceLookups sourceLookups_;
  Locks locks_;
  StaticCache cache_;
  QuotaDefinitions quotaDefinitions_;
  QuotaGate quota_;
  Emitter emitter_;
  DeadLetters deadLetters_;
  MessageLifetime lifetime_;
  MissingComponents missing_;
  Completion completion_;
  Delivery delivery_;
  Dispatcher dispatcher_;
  TimerPump timers_;
  TickPump ticks_;
  ParkedExpiry parkedExpiry_;
  WebhookIntake intake_;
  LifecycleParts lifecycle_;
  Commands commands_;
  CarryOn carryOn_;
};

}  // namespace patchbay::engine
