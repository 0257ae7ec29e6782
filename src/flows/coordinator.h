// Commands over a flow's life and over its running components. The engine implements it; routes and
// other rooms call it.
//
// Threads: every function is safe from any thread and returns at once. `told` is called exactly
// once, usually on the engine loop: it must be short and must not block. It may be called before
// the function returns. Delivery: a command that is accepted is carried on after a crash (R25);
// told only says how it went while this server lives. Errors: kNotFound (no such flow), kConflict
// (another command of this flow is in progress, or the flow is in the wrong stage), kInvalid (start
// failed; data as rest-api §8.6), kForbidden (a component the starter may not use, R28).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/caller.h"
#include "base/result.h"

namespace patchbay::flows {

// Who stops decides what happens to queue, timers and state (table in R6).
enum class StopReason : std::uint8_t {
  kOwner,      // the owner, his own flow: dropped
  kAdmin,      // an admin or one it is shared with, another's flow: parked, state kept
  kOperation,  // an update or removal of a connector: parked, state kept
  kFlow,       // onError: stopFlow, context.stopFlow(): dropped
};

// inProgressData of a stop or a forced update. kDefault: what R6 says for the reason.
enum class InProgressData : std::uint8_t { kDefault, kKeep, kDelete };

struct Injection {
  std::string flowId;
  std::string componentId;
  std::string inPort;
  std::string content;  // JSON text, valid
};

struct CommandStatus {
  std::string status;  // in-progress, completed, failed, cancelled
  std::int64_t stepsDone = 0;
  std::int64_t stepsTotal = 0;
  std::string message;  // why it failed
};

class Coordinator {
 public:
  using Told = std::function<void(base::Status)>;
  virtual ~Coordinator() = default;

  // Told when every component has started and the flow runs, or when it is stopped again. A running
  // flow: success, no effect.
  virtual void start(const std::string& flowId, const access::Caller& caller, Told told) = 0;
  // Told when every component has stopped. A stopped flow: success, no effect.
  virtual void stop(const std::string& flowId, StopReason reason, InProgressData data,
                    Told told) = 0;
  // The document in the store is newer than the one that runs (Flows::put with forceUpdate has
  // committed): goes on with the new one under the same run id; components that changed or are gone
  // are stopped, changed and new ones started. A flow that does not run: success, no effect.
  virtual void restartChanged(const std::string& flowId, InProgressData data, Told told) = 0;
  // Queues a message for an in port of a running flow; told when it is committed. kConflict: it
  // does not run.
  virtual void inject(Injection injection, Told told) = 0;
  // The last command of this flow since the server started; nothing when there was none.
  virtual std::optional<CommandStatus> status(const std::string& flowId) = 0;
  // Stops the flow when it runs and drops its messages, timers and state. Its row stays:
  // Flows::remove follows.
  virtual void dropFlow(const std::string& flowId, Told told) = 0;
};

}  // namespace patchbay::flows
