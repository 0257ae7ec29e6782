// One worker process with the calls it has in flight: their deadlines, their fences, and what
// becomes of them when it is lost.
//
// A call that passes its deadline is lost at once. If the process has other calls and still
// answers, it only takes no more and ends after the last of them; else it is killed, and the others
// are lost with it.
// Threads: the engine loop. Ownership: its pool's; the pool destroys it in
// onWorkerEnded.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/flow_cache.h"
#include "runtime/node_process.h"
#include "runtime/runtime.h"

namespace patchbay::runtime {

class Worker : public NodeProcess::Owner {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  class Pool {
   public:
    virtual ~Pool() = default;
    // Before the call's listener hears of its end. `good`: an outcome came.
    virtual void onCallOver(CallId call, bool good) = 0;
    // After a batch of ended calls, or when it takes no more calls.
    virtual void onWorkerChanged(Worker& worker) = 0;
    // All calls are over. Destroys the worker.
    virtual void onWorkerEnded(Worker& worker, const NodeEnd& end) = 0;
  };

  Worker(NodeHost& host, const WorkerSpec& spec, Pool& pool, bool forAlone);
  ~Worker() override;

  void call(CallId id, const Invocation& invocation, CallListener& listener);
  void reply(CallId call, std::uint64_t q, std::string_view name, std::string_view json);
  void cancel(CallId call);
  // Takes no more calls and ends after the last.
  void drain();

  bool isOpen() const { return !isDraining_ && process_->isOpen(); }
  bool isForAlone() const { return forAlone_; }
  std::size_t inFlight() const { return calls_.size(); }
  bool isCongested() const;
  Moment idleSince() const { return idleSince_; }

  void onFrame(const UpFrame& frame) override;
  void onFramesRead() override;
  void onEnded(const NodeEnd& end) override;
  bool expectsAnswers() const override;

 private:
  struct InFlight {
    CallListener* listener;
    Moment deadline;
    base::Millis allowed;
  };
  using Calls = std::unordered_map<CallId, InFlight>;

  void sendFlow(const FlowFrame& flow);
  InFlight take(Calls::iterator place, bool good);
  void armDeadline(Moment deadline);
  void onDeadline();
  void endOverdue(const std::vector<CallId>& passed);
  void endIfEmpty();
  void lose(const NodeEnd& end);

  NodeHost& host_;
  Pool& pool_;
  const bool forAlone_;
  bool isDraining_ = false;
  bool hasChanged_ = false;  // calls ended since onFramesRead
  Calls calls_;
  std::size_t overdue_ = 0;  // calls that passed their deadline and may still run in the process
  FlowCache flows_;
  std::optional<Moment> armed_;
  base::TimerId deadlineTimer_ = 0;
  base::TimerId graceTimer_ = 0;
  Moment idleSince_;
  std::shared_ptr<NodeProcess> process_;
};

}  // namespace patchbay::runtime
