// Starts and stops that the end of the server cut off are done again (R25), until the store lets
// them.
//
// A start that cannot be made any more (its flow is no longer valid, a component does not start)
// stops the flow and keeps what it had accepted. A stop goes on as it was meant: what it was to
// keep, it keeps. Threads: the engine loop.
#pragma once

#include <string>

#include "engine/lifecycle/commands.h"
#include "engine/lifecycle/lifecycle_parts.h"

namespace patchbay::engine {

class CarryOn {
 public:
  CarryOn(LifecycleParts& lifecycle, Commands& commands)
      : lifecycle_(lifecycle), commands_(commands) {}

  // All flows whose stage says so. Once, when the engine begins.
  void run();
  // The engine closes: what has failed waits for the next start of the server.
  void close() { closed_ = true; }

 private:
  void carryOn(const std::string& flowId, Stage stage);
  void tryAgain(const std::string& flowId, Stage stage);
  void ended(const std::string& flowId, Stage stage, const base::Status& status);

  LifecycleParts& lifecycle_;
  Commands& commands_;
  bool closed_ = false;
};

}  // namespace patchbay::engine
