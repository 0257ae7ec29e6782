// Starts flows again that an operation had stopped: when it is taken back, or rolled back (R22,
// R25).
//
// Threads: those of operations; blocks. What the store or the disk refuses is tried until they let
// it, or the server stops; a flow that cannot start any more is named by the operation and needs
// attention. A flow that somebody has started or stopped since is left as it is.
#pragma once

#include <string>
#include <vector>

#include "access/system_configuration.h"
#include "engine/engine.h"
#include "store/store.h"
#include "updates/progress.h"

namespace patchbay::updates {

class FlowRestarts {
 public:
  FlowRestarts(store::Store& store, engine::Engine& engine,
               const access::SystemConfiguration& configuration, const base::Clock& clock,
               Progress& progress)
      : store_(store),
        engine_(engine),
        configuration_(configuration),
        clock_(clock),
        progress_(progress) {}

  void run(Operation& operation, std::vector<std::string> flowIds);
  // Those this operation had stopped and nobody has edited since.
  std::vector<std::string> untouched(const Operation& undone) const;

 private:
  void markFailed(const Operation& operation);

  store::Store& store_;
  engine::Engine& engine_;
  const access::SystemConfiguration& configuration_;
  const base::Clock& clock_;
  Progress& progress_;
};

}  // namespace patchbay::updates
