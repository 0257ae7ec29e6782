// The one thread that writes: takes all units that have queued and commits them as one transaction.
//
// There is no delay timer: while a commit waits for the disk the next units queue up, which is what makes the batches.
// The thread is its own, or that of an executor it is given (R35): then commitQueued() is posted there whenever units have queued, and
// nothing else differs.
// Threads: submit and counts from any thread. Ownership: the destructor commits what is queued, then ends the thread; an executor outlives
// it, and runs none of its work afterwards.
// Errors: see CommitThread::commit in the .cc: a unit's own failure undoes it alone; a failed COMMIT fails the batch.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "store/sqlite/fault_count.h"
#include "store/sqlite/sqlite_transaction.h"

namespace patchbay::store::sqlite {

class CommitThread {
 public:
  // No executor: a thread of its own. `faults` outlives it.
  CommitThread(std::unique_ptr<Connection> writer, base::Executor* executor, FaultCount& faults);
  ~CommitThread();

  void submit(Unit unit, Done done);
  CommitCounts counts() const;
  // With an executor: commits what is queued on the caller's thread, which is the executor's or has stopped it. Without: no effect.
  void commitHere();

 private:
  struct Entry {
    Unit unit;
    Done done;
    base::Status outcome;
  };
  using Batch = std::vector<Entry>;

  void wake();
  void loop();
  bool awaitUnits();  // false: stopping, and nothing left
  bool commitQueued();  // false: nothing was
  void commit(Batch& batch);
  void runUnits(Batch& batch);
  base::Status runUnit(Entry& entry, bool savepoint);
  void settle(Batch& batch);
  base::Error errorOf(const StoreError& failure);

  SqliteTransaction transaction_;
  base::Executor* const executor_;
  FaultCount& faults_;
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  Batch queue_;
  bool waiting_ = false;  // for the next unit: it has to wake() somebody
  bool stopping_ = false;
  CommitCounts counts_;
  std::thread thread_;
};

}  // namespace patchbay::store::sqlite
