// Stops a flow: no new deliveries, what is under way is fenced, stop() of all components, then queue and state go or stay (R6). An
// operation gives what is under way CONNECTOR_STOP_PATIENCE (30 s) to end first (R23).
//
// Persisted step by step (R25): the row says "stopping" until it is over; cut off there, the same stop is done again at the next
// start (stop_note.h).
// stop() that fails is logged and the stop goes on. Threads: the engine loop; the object keeps itself alive until it has told.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/lifecycle/lifecycle_parts.h"
#include "engine/lifecycle/stop_cause.h"
#include "engine/lifecycle/stop_note.h"

namespace patchbay::engine {

class StopFlow : public std::enable_shared_from_this<StopFlow> {
 public:
  using Told = std::function<void(base::Status)>;

  // `cause`: why, when it is the system that stops it.
  static void run(LifecycleParts& parts, const std::string& flowId, Kept kept, Told told, StopCause cause = {});

 private:
  StopFlow(LifecycleParts& lifecycle, std::string flowId, Kept kept, Told told, StopCause cause);
  void begin();
  void drain(base::Time until);
  void fence();
  void stopComponents();
  void componentStopped();
  void clear(store::Transaction& tx) const;
  void persistStopped();
  void end(base::Status status);

  LifecycleParts& lifecycle_;
  Parts& parts_;
  std::string flowId_;
  Kept kept_;
  Told told_;
  StopCause cause_;
  std::shared_ptr<RunningFlow> flow_;
  std::string userId_;
  std::int64_t runId_ = 0;
  std::int64_t started_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace patchbay::engine
