// The one thread that writes: takes all units that have queued and commits them as one transaction.
//
// There is no delay timer: while a commit waits for the disk the next units queue up, which is what makes the batches.
// Threads: submit and counts from any thread. Ownership: the destructor commits what is queued, then ends the thread.
// Errors: see CommitThread::commit in the .cc: a unit's own failure undoes it alone; a failed COMMIT fails the batch.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "store/sqlite/sqlite_transaction.h"

namespace patchbay::store::sqlite {

class CommitThread {
 public:
  explicit CommitThread(std::unique_ptr<Connection> writer);
  ~CommitThread();

  void submit(Unit unit, Done done);
  CommitCounts counts() const;

 private:
  struct Entry {
    Unit unit;
    Done done;
    base::Status outcome;
  };
  using Batch = std::vector<Entry>;

  void loop();
  bool take(Batch& batch);  // false: stopping, and nothing left
  void commit(Batch& batch);
  void runUnits(Batch& batch);
  base::Status runUnit(Entry& entry, bool savepoint);
  void settle(Batch& batch);

  SqliteTransaction transaction_;
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  Batch queue_;
  bool waiting_ = false;
  bool stopping_ = false;
  CommitCounts counts_;
  std::thread thread_;
};

}  // namespace patchbay::store::sqlite
