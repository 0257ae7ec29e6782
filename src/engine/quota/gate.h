// Asks for quota before each call, and puts back what has none (connector-format §6, R7: no attempt
// is spent).
//
// In the order queued, for each component instance: who finds no room goes back to `scheduled`, at
// about the time at which those before it have been called, and keeps its place
// (quota/waiting_lines.h). One that has come back and is next waits in memory for the moment
// itself, at most `maxWait`: its lane is blocked, no other. Flows take turns at a counter they
// share, because their lanes do.
// Calls that are no messages (start, stop, tick, static calls) wait in memory, at most `maxWait`, and
// are refused after that.
// Code of a quota.js that fails is told to WEBHOOK_FLOW_COMPONENT_ERROR as type "quota"; who wants
// room is only delayed by it.
// Threads: the engine loop; open() before it runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/attempt.h"
#include "engine/parts.h"
#include "engine/quota/counters.h"
#include "engine/quota/definitions.h"
#include "engine/quota/waiting_lines.h"

namespace patchbay::engine {

// The places one call occupies.
class QuotaHold {
 public:
  struct Place {
    QuotaCounterPtr counter;
    std::int64_t limit = 0;
  };
  QuotaHold(Parts& parts, QuotaCounters& counters, std::vector<Place> places);

  // The component's code runs.
  void begun();
  // The attempt is over. `called` false: it was never given to a worker, and its places are given
  // back.
  void end(bool called);

 private:
  Parts& parts_;
  QuotaCounters& counters_;
  std::vector<Place> places_;
  bool begun_ = false;
};

class QuotaGate {
 public:
  QuotaGate(Parts& parts, const QuotaDefinitions& definitions)
      : parts_(parts), definitions_(definitions), counters_(parts) {}
  // Reads what was used and who waits.
  base::Status open();

  // For the head of a lane. False: the lane waits for `waitsFor`.
  bool mayTake(const queue::Message& message, const RunningFlow& flow, const RunningNode& node,
               std::string& waitsFor);
  // For a claimed message. False: it has been put back or refused; the attempt is over. True:
  // attempt.quota is what it occupies, or null when nothing binds it.
  bool take(Attempt& attempt);
  // The attempt's places are to be known for good. Call it only then.
  void whenCounted(std::function<void(const base::Status&)> told) {
    counters_.commit(std::move(told));
  }
  // For a call that is in no queue and no lane: waits for room, maxWait from its message's arrival at
  // most. `told` when the grant is committed: attempt->quota is then what it occupies, or null when
  // nothing binds it. kUnavailable: it may not be made now.
  using Entered = std::function<void(base::Status)>;
  void enter(const AttemptPtr& attempt, const Entered& told);
  // All that wait come back now. `scheduled` when that is committed, with their new time.
  void hasten(std::function<void(std::int64_t dueAt)> scheduled);
  // Its messages are gone.
  void forgetFlow(const std::string& flowId) { lines_.forgetFlow(flowId); }

 private:
  enum class Verdict : std::uint8_t { kGo, kHold, kLater, kRefuse };
  struct Decision {
    Verdict verdict = Verdict::kGo;
    std::int64_t at = 0;  // ms; when there will be room, as far as that can be told
    std::string waitsFor;
  };
  struct Room {
    std::optional<std::int64_t> at;
    QuotaCounterPtr counter;  // the one that has room last
  };
  struct Call {  // who asks
    const queue::Message& message;
    const RunningFlow& flow;
    const RunningNode& node;
    const QuotaPlan& plan;
  };
  const QuotaPlan* planOf(const RunningNode& node);
  QuotaCounterPtr counterOf(const Call& call, const QuotaRule& rule);
  Room roomFor(const Call& call, std::size_t nth, std::int64_t now);
  struct Asker;
  void askNextWindow(const Call& call, const QuotaRule& rule, const QuotaCounterPtr& counter,
                     std::int64_t now);
  void nextWindowTold(const QuotaCounterPtr& counter, const Asker& asker,
                      const base::Result<boost::json::value>& answer);
  void report(const Asker& asker, const std::string& message);
  void waitToEnter(const AttemptPtr& attempt, std::int64_t at, std::int64_t maxWait,
                   const Entered& told);
  Decision decide(const Call& call);
  Decision hold(const Room& room);
  Decision forWake(const Call& call, const Room& room, std::int64_t now);
  bool dropGone(WaitingLine& line, std::int64_t now);
  void occupy(Attempt& attempt, const Call& call);
  void putBack(const Attempt& attempt, const QuotaPlan& plan, std::int64_t at);
  void refuse(const Attempt& attempt, std::int64_t at);

  Parts& parts_;
  const QuotaDefinitions& definitions_;
  QuotaCounters counters_;
  WaitingLines lines_;
  std::size_t entering_ = 0;  // calls outside of queues that wait for room
};

}  // namespace patchbay::engine
