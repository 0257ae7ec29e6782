// What the outside learns of attempts: counts and times for /metrics, and WEBHOOK_FLOW_COMPONENT_ERROR for
// each one that failed (rest-api §26).
//
// An attempt that was not the component's doing (its worker died of another call, no mapper, no
// worker) is counted and not reported: it spends no try and is made again at once.
// Threads: the engine loop. Never blocks. Call failed() before the outcome is queued: the report is
// then never lost without it.
#pragma once

#include <array>

#include "engine/attempt.h"
#include "engine/outcome.h"
#include "engine/parts.h"

namespace patchbay::engine {

class AttemptReports {
 public:
  explicit AttemptReports(Parts& parts);

  void done(const Attempt& attempt);
  void failed(const Attempt& attempt, const Outcome& outcome);

 private:
  void report(const Attempt& attempt, const Outcome& outcome) const;

  void observe(const Attempt& attempt);

  Parts& parts_;
  base::Histogram& calls_;       // seconds
  base::Histogram& deliveries_;  // seconds
  base::Counter& done_;
  std::array<base::Counter*, kOutcomeKinds> failed_;  // by OutcomeKind
};

}  // namespace patchbay::engine
