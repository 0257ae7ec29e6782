// The worker processes of one connector revision: which one takes a call, when another is started,
// when one is stopped.
//
// Ordinary calls go to the process with the fewest in flight; another is started when all are full,
// up to maxProcesses. Calls that must run alone have one process more, wait for each other there,
// and never hold up the others.
// Threads: the engine loop. Ownership: the runtime's.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "runtime/crash_loop.h"
#include "runtime/worker.h"

namespace patchbay::runtime {

struct PoolOptions {
  std::size_t maxProcesses = 1;  // of one revision, besides the one for calls that run alone
  std::size_t maxCalls = 50;     // at once in one process
  std::size_t maxWaiting = 200;  // calls that wait to run alone
  base::Millis idleStop{60000};
  base::Millis rest{30000};  // first quarantine
};

class WorkerPool : public Worker::Pool {
 public:
  // What a pool shares with the pools of other revisions.
  class Ground {
   public:
    virtual ~Ground() = default;
    // Room for one more process; may stop an idle one elsewhere.
    virtual bool makeRoom() = 0;
    virtual bool hasRoom() const = 0;
    virtual void onPlaced(CallId call, Worker& worker) = 0;
    virtual void onCallOver(CallId call) = 0;
    virtual void onPoolChanged(WorkerPool& pool) = 0;
    virtual base::Time now() const = 0;
  };

  WorkerPool(NodeHost& host, Ground& ground, PoolOptions options, WorkerSpec spec);
  ~WorkerPool() override;

  std::size_t capacity();
  // kQuarantined, kUnavailable: not taken.
  base::Status call(CallId id, Invocation invocation, CallListener& listener);
  // A call that waits to run alone.
  void cancelWaiting(CallId id);
  void retire();
  // Stops the worker that has been idle longest; false: none is idle.
  bool stopIdle();
  std::optional<Worker::Moment> idleSince() const;

  const std::string& revision() const { return spec_.revision; }
  std::size_t openProcesses() const;
  bool isResting() const { return !checkRest(); }
  bool isEmpty() const { return workers_.empty(); }
  // True once after capacity() was 0 and is no more.
  bool takeRelief();
  bool wasFull() const { return wasFull_; }

  void onCallOver(CallId call, bool good) override;
  void onWorkerChanged(Worker& worker) override;
  void onWorkerEnded(Worker& worker, const NodeEnd& end) override;

 private:
  struct Waiting {
    CallId id;
    Invocation invocation;
    CallListener* listener;
  };

  std::size_t roomIn(const Worker& worker) const;
  std::size_t openOrdinary() const;
  Worker* pick();
  Worker* pickAlone();
  Worker* start(bool forAlone);
  void place(Worker& worker, CallId id, const Invocation& invocation, CallListener& listener);
  base::Status checkRest() const;
  base::Status callAlone(CallId id, Invocation invocation, CallListener& listener);
  void placeWaiting();
  void loseWaiting(const std::string& reason);
  Worker* longestIdle() const;
  void armIdle();
  void onIdleTimer();

  NodeHost& host_;
  Ground& ground_;
  const PoolOptions options_;
  const WorkerSpec spec_;
  CrashLoop crashes_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::deque<Waiting> waiting_;
  bool wasFull_ = false;
  bool isRetired_ = false;
  base::TimerId idleTimer_ = 0;
};

}  // namespace patchbay::runtime
