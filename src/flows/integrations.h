// Integrations: draft, template and the instances made from it, rolled forward and deleted together
// (rest-api §9; docs/decisions/0045).
//
// An integration has no rows of its own: its flows name each other (templateId, originFlowId).
// Threads: safe from any thread but the engine loop and the commit thread. Commands run one after
// another on a thread of their own. Delivery: a command cut off by the end of the process goes on
// at resume(), at the flow it was at; an instance that it had stopped is started again. Errors:
// kNotFound, kForbidden as Flows; kInvalid: the flow is no template. A flow that cannot be updated
// or deleted does not stop the others; the ticket fails and says why.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "access/users.h"
#include "base/clock.h"
#include "base/random.h"
#include "flows/coordinator.h"
#include "flows/flows.h"
#include "flows/patient_commands.h"
#include "store/operation_thread.h"
#include "store/store.h"

namespace patchbay::flows {

class Integrations {
 public:
  // All must outlive this.
  Integrations(store::Store& store, Flows& flows, Coordinator& coordinator, access::Users& users,
               base::Random& random, const base::Clock& clock);

  base::Status resume() { return thread_.resume(); }  // the engine must run
  void end() { thread_.end(); }                       // no more work; before the engine goes

  // The ticket. Each instance gets the template's descriptor of now; those that run are stopped,
  // updated and started again.
  base::Result<std::string> beginUpdate(const access::Caller& caller, const std::string& templateId,
                                        InProgressData data);
  // The ticket. `flowId`: the draft or a template; both go, and all instances.
  base::Result<std::string> beginDelete(const access::Caller& caller, const std::string& flowId);
  // {"state","status","stepsDone","stepsTotal","error"?}; who asked, and admins.
  base::Result<boost::json::object> status(const access::Caller& caller, const std::string& ticket);

 private:
  struct Work;
  base::Result<std::string> begin(const access::Caller& caller, Work work);
  base::Result<std::vector<std::string>> flowsOf(const access::Caller& caller,
                                                 const store::FlowRecord& flow);
  void run(Work work);
  bool carryOut(Work& work);
  base::Status updateOne(Work& work, const std::string& flowId);
  base::Status writeOne(const Work& work, const std::string& flowId);
  base::Status startOne(const store::FlowRecord& instance);
  base::Status deleteOne(const std::string& flowId);
  base::Result<std::optional<store::FlowRecord>> rowOf(const std::string& flowId);
  base::Status save(Work& work);

  store::Store& store_;
  Flows& flows_;
  Coordinator& coordinator_;
  access::Users& users_;
  base::Random& random_;
  const base::Clock& clock_;
  PatientCommands commands_;
  store::OperationThread thread_;  // last: ends first
};

}  // namespace patchbay::flows
