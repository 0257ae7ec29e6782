// Commands over flows' lives for the thread of a ticket, which waits for them: one that is refused
// because another command of its flow is in progress is given again after that one.
//
// Threads: give() any thread; the others the ticket's thread only. Ownership: both parts must
// outlive this.
// Delivery: a command may be given several times; only the last is obeyed.
// Errors: as Coordinator. kConflict: refused again and again although no command was in progress.
// kUnavailable: the server ends; what the engine has begun it carries on at the next start.
#pragma once

#include <functional>
#include <future>
#include <string>

#include "base/result.h"
#include "flows/coordinator.h"
#include "store/operation_thread.h"

namespace patchbay::flows {

class PatientCommands {
 public:
  using Command = std::function<void(Coordinator::Told)>;
  using Outcome = std::future<base::Status>;

  PatientCommands(Coordinator& coordinator, store::OperationThread& thread)
      : coordinator_(coordinator), thread_(thread) {}

  // Returns at once, so that several flows are told before the first is waited for.
  static Outcome give(const Command& command);
  // Of `command` of this flow, which has been given; it is given again as need be.
  base::Status outcomeOf(const std::string& flowId, const Command& command, Outcome given);
  base::Status obeyed(const std::string& flowId, const Command& command) {
    return outcomeOf(flowId, command, give(command));
  }

 private:
  base::Status wait(Outcome given) const;
  bool isInProgress(const std::string& flowId);

  Coordinator& coordinator_;
  store::OperationThread& thread_;
};

}  // namespace patchbay::flows
