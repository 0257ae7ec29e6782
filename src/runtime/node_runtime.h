// The Runtime of the running server: a pool of Node workers per connector revision, and one cap
// over all of them.
//
// Threads: the engine loop.
// Ownership: the host, the clock and every listener outlive it; its
// destructor kills the workers without telling their calls. When the cap is reached, the worker
// idle longest gives way, whatever its revision.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "runtime/worker_pool.h"

namespace patchbay::runtime {

struct RuntimeOptions {
  PoolOptions pool;
  std::size_t maxProcesses = 64;  // of all revisions
};

class NodeRuntime : public Runtime, public WorkerPool::Ground {
 public:
  NodeRuntime(NodeHost& host, const base::Clock& clock, RuntimeOptions options);
  ~NodeRuntime() override;

  std::size_t capacity(const WorkerSpec& spec) override;
  base::Result<CallId> call(Invocation invocation, CallListener& listener) override;
  void reply(CallId call, std::uint64_t q, std::string_view json) override;
  void replyError(CallId call, std::uint64_t q, std::string_view errJson) override;
  void cancel(CallId call) override;
  void retire(const std::string& revision) override;
  void onCapacity(std::function<void(const std::string& revision)> told) override;

  // Open worker processes; for the health page and tests.
  std::size_t processes() const;
  // Revisions whose processes keep crashing and rest.
  std::vector<std::string> resting() const;

 private:
  struct Place {
    WorkerPool* pool;
    Worker* worker;  // null: it waits to run alone
  };

  WorkerPool& poolOf(const WorkerSpec& spec);
  WorkerPool* longestIdle() const;
  void tellLater();
  void tell();

  bool makeRoom() override;
  bool hasRoom() const override;
  void onPlaced(CallId call, Worker& worker) override;
  void onCallOver(CallId call) override;
  void onPoolChanged(WorkerPool& pool) override;
  base::Time now() const override { return clock_.now(); }

  NodeHost& host_;
  const base::Clock& clock_;
  const RuntimeOptions options_;
  CallId lastCall_ = 0;
  std::unordered_map<CallId, Place> calls_;
  std::unordered_map<std::string, std::unique_ptr<WorkerPool>> pools_;
  std::vector<std::unique_ptr<WorkerPool>> retired_;
  std::function<void(const std::string&)> told_;
  bool anyFull_ = false;  // some pool may have been found full
  std::shared_ptr<bool> isTelling_ =
      std::make_shared<bool>(false);  // a telling is posted; it outlives us
};

}  // namespace patchbay::runtime
