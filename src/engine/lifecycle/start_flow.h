// Starts a flow (flow-format §5.1): checks, pins, properties, start() of all components, then messages may move.
//
// Persisted step by step (R25): the row says "starting" until all have started; cut off there, the start is done again at the next start of
// the server. A failure stops what was started and leaves the flow stopped. Threads: the engine loop; the object keeps itself alive
// until it has told.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "access/caller.h"
#include "engine/lifecycle/lifecycle_parts.h"

namespace patchbay::engine {

class StartFlow : public std::enable_shared_from_this<StartFlow> {
 public:
  using Told = std::function<void(base::Status)>;

  // `caller`: nothing when the server carries on a start that was cut off.
  static void run(LifecycleParts& parts, const std::string& flowId, std::optional<access::Caller> caller, Told told);

 private:
  StartFlow(LifecycleParts& lifecycle, std::string flowId, std::optional<access::Caller> caller, Told told);
  void prepare();
  base::Status check(store::Transaction& tx);
  void choosePins();
  void resolveProperties();
  void persistStarting();
  base::Status checkPins(store::Transaction& tx) const;
  void startComponents();
  void componentStarted(const std::string& componentId, const base::Status& status);
  void persistRunning();
  void running();
  bool wasCutOff() const { return record_.stage == "starting"; }  // and is done again
  void refuse(base::Status why);
  void undo();
  void giveUp();
  void end(base::Status status);

  LifecycleParts& lifecycle_;
  Parts& parts_;
  std::string flowId_;
  std::optional<access::Caller> caller_;
  Told told_;
  store::FlowRecord record_;
  Pins pins_;
  std::vector<store::FlowPinRecord> pinRows_;
  bool parked_ = false;  // messages of the run before wait: the run goes on
  bool waited_ = false;  // an operation had stopped it, and webhooks were accepted meanwhile
  std::shared_ptr<RunningFlow> flow_;
  std::size_t waiting_ = 0;
  base::Status failure_;
};

}  // namespace patchbay::engine
