// Starts or stops many flows behind a ticket (rest-api §29.7), for administrators.
//
// Which flows is decided when it begins. They are commanded BULK_FLOWS_STOP_CONCURRENCY (15) at a
// time; one that cannot be is named in `failed`, and the others go on.
// Threads: safe from any thread but the engine loop and the commit thread. Commands run one after
// another on a thread of their own.
// Delivery: a command cut off by the end of the process goes on at resume(), some flows before the
// cut: a flow that is stopped (or runs) already bears being told so again.
// Errors: kInvalid; kNotFound for an unknown ticket.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "access/caller.h"
#include "access/system_configuration.h"
#include "access/users.h"
#include "base/clock.h"
#include "base/random.h"
#include "flows/coordinator.h"
#include "flows/patient_commands.h"
#include "store/operation_thread.h"
#include "store/store.h"

namespace patchbay::flows {

// How many flows are given a command at once: BULK_FLOWS_STOP_CONCURRENCY, within bounds.
std::size_t flowsAtOnce(const access::SystemConfiguration& configuration);

class FlowsBulk {
 public:
  struct Command {
    bool start = false;
    std::vector<std::string> flowIds;  // or, to stop:
    std::string componentType;         // as of usesType(): those that run and use it
  };
  struct Parts {  // all must outlive this
    store::Store& store;
    Coordinator& coordinator;
    access::Users& users;
    const access::SystemConfiguration& configuration;
    base::Random& random;
    const base::Clock& clock;
  };
  static constexpr std::size_t kMostFlows = 50'000;  // of one command

  explicit FlowsBulk(const Parts& parts);

  base::Status resume() { return thread_.resume(); }  // the engine must run
  void end() { thread_.end(); }                       // no more work; before the engine goes

  // Body: {"command":"start"|"stop","flowIds":[…]} or {"command":"stop","componentType":"…"}.
  static base::Result<Command> parse(const boost::json::object& body);
  // The status of the new ticket.
  base::Result<boost::json::object> begin(const access::Caller& caller, Command command);
  // {"ticket","action":"flows","command","status","stepsDone","stepsTotal","flows":{"total",
  // "stopped"|"started","failed":[{"flowId","message"}],"failedCount"},"started","finished","err",
  // "startedBy"}. `failed` holds the first 1,000.
  base::Result<boost::json::object> status(const std::string& ticket);

 private:
  struct Work;
  base::Result<std::vector<std::string>> runningUsersOf(const std::string& componentType);
  void carryOut(Work work);
  void page(Work& work, const access::Caller& caller);
  PatientCommands::Command commandOf(const Work& work, const access::Caller& caller,
                                     const std::string& flowId, const std::string& ownerId);
  base::Result<std::string> ownerOf(const std::string& flowId);
  void publish(const Work& work);
  void finish(Work& work, const std::string& status);
  base::Status save(Work& work);

  Parts parts_;
  std::mutex mutex_;
  std::map<std::string, boost::json::object> atWork_;  // ticket → its status; under mutex_
  PatientCommands commands_;
  store::OperationThread thread_;  // last: ends first
};

}  // namespace patchbay::flows
