// Takes what comes back of an attempt: emissions, outcomes, losses; settles the message accordingly (models.md §5.2, steps 10 and 11).
//
// Threads: the engine loop.
#pragma once

#include <functional>
#include <string>

#include "engine/attempt.h"
#include "engine/attempt_reports.h"
#include "engine/dead_letters.h"
#include "engine/delivery.h"
#include "engine/emitter.h"
#include "engine/flow_records.h"
#include "engine/lifecycle/stop_cause.h"
#include "engine/outcome.h"
#include "engine/parts.h"
#include "engine/retry_policy.h"

namespace patchbay::engine {

class HostCalls;
class Locks;
class MissingComponents;

class Completion : public runtime::CallListener, public DeliveryListener {
 public:
  using StopFlow = std::function<void(const std::string& flowId, StopCause cause)>;

  Completion(Parts& parts, Attempts& attempts, Emitter& emitter, DeadLetters& deadLetters, FlowRecords& records,
             HostCalls& hostCalls, Locks& locks, MissingComponents& missing, StopFlow stopFlow);

  // A claimed message of a run that is over, or of no flow: gone without a trace of it.
  void drop(const queue::MessagePtr& message);
  // The flow no longer has the component: kept for a person.
  void buryGone(const queue::MessagePtr& message, const RunningFlow& flow);

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view arguments) override;
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q, std::span<const runtime::Send> sends) override;
  void onLog(runtime::CallId call, std::string_view level, std::string_view message, std::string_view data) override;
  void onDone(runtime::CallId call, const runtime::Done& done) override;
  void onFail(runtime::CallId call, const runtime::Failure& failure) override;
  void onLost(runtime::CallId call, const runtime::Loss& loss) override;
  void notStarted(const AttemptPtr& attempt, const Outcome& outcome) override { fail(attempt, outcome); }

 private:
  void answer(const AttemptPtr& attempt, std::uint64_t q, std::string_view op, std::string_view arguments);
  void emitted(const AttemptPtr& attempt, const base::Status& status);
  struct Completed {
    queue::Emission emission;
    store::Unit also;
    std::string response;  // arguments of the host call, JSON; empty = none
  };
  void complete(const AttemptPtr& attempt, Completed completed);
  void settle(const Attempt& attempt, Completed completed);
  void fail(const AttemptPtr& attempt, const Outcome& outcome);
  void failWake(const AttemptPtr& attempt, const Outcome& outcome);
  void retry(const AttemptPtr& attempt, const Outcome& outcome, const Decision& decision);
  void exhaust(const AttemptPtr& attempt, const Outcome& outcome);
  void settleWithErrorPort(const AttemptPtr& attempt, const Outcome& outcome);
  void replyFailed(const Attempt& attempt, const Outcome& outcome, const std::string& rescheduled);
  double draw();

  Parts& parts_;
  Attempts& attempts_;
  Emitter& emitter_;
  DeadLetters& deadLetters_;
  FlowRecords& records_;
  HostCalls& hostCalls_;
  Locks& locks_;
  MissingComponents& missing_;
  AttemptReports reports_;
  StopFlow stopFlow_;
};

}  // namespace patchbay::engine
