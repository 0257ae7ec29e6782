#include "store/sqlite/commit_thread.h"

#include <pthread.h>

namespace patchbay::store::sqlite {

namespace {

base::Error bugOf(const std::exception& failure) {
  return base::fail(base::Code::kInternal,
                    std::string("A store unit failed unexpectedly; it was undone: ") + failure.what());
}

}  // namespace

CommitThread::CommitThread(std::unique_ptr<Connection> writer, base::Executor* executor, FaultCount& faults)
    : transaction_(std::move(writer)), executor_(executor), faults_(faults), waiting_(executor != nullptr) {
  if (executor_ == nullptr) {
    thread_ = std::thread([this] { loop(); });
    pthread_setname_np(thread_.native_handle(), "commit");
  }
}

CommitThread::~CommitThread() {
  if (executor_ != nullptr) {
    commitHere();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

void CommitThread::submit(Unit unit, Done done) {
  bool isAwaited = false;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(unit), std::move(done), {}});
    isAwaited = std::exchange(waiting_, false);
  }
  if (isAwaited) {
    wake();
  }
}

void CommitThread::wake() {
  if (executor_ == nullptr) {
    queued_.notify_one();
  } else {
    executor_->post([this] { commitQueued(); });
  }
}

CommitCounts CommitThread::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void CommitThread::commitHere() {
  while (executor_ != nullptr && commitQueued()) {
  }
}

void CommitThread::loop() {
  while (awaitUnits()) {
    commitQueued();
  }
}

bool CommitThread::awaitUnits() {
  std::unique_lock lock(mutex_);
  while (queue_.empty() && !stopping_) {
    waiting_ = true;
    queued_.wait(lock);
  }
  waiting_ = false;
  return !queue_.empty();
}

bool CommitThread::commitQueued() {
  Batch batch;
  {
    const std::lock_guard lock(mutex_);
    std::swap(batch, queue_);
    waiting_ = executor_ != nullptr;
  }
  if (batch.empty()) {
    return false;
  }
  commit(batch);
  settle(batch);
  return true;
}

// Either the batch is durable when this returns, or none of it is stored and every outcome that was good is now the error.
void CommitThread::commit(Batch& batch) {
  base::Status failed;
  try {
    transaction_.beginImmediate();
    runUnits(batch);
    transaction_.commit();
    return;
  } catch (const StoreError& failure) {
    failed = errorOf(failure);
  } catch (const std::exception& failure) {
    failed = bugOf(failure);
  }
  try {
    transaction_.rollback();
  } catch (const StoreError&) {
    // The connection is unusable; the next BEGIN fails and says so.
  }
  for (Entry& entry : batch) {
    if (entry.outcome) {
      entry.outcome = failed;
    }
  }
}

void CommitThread::runUnits(Batch& batch) {
  if (batch.size() == 1) {
    batch.front().outcome = runUnit(batch.front(), false);
    if (!batch.front().outcome) {
      transaction_.rollback();
      transaction_.beginImmediate();
    }
    return;
  }
  for (Entry& entry : batch) {
    entry.outcome = runUnit(entry, true);
  }
}

base::Status CommitThread::runUnit(Entry& entry, bool savepoint) {
  if (savepoint) {
    transaction_.savepoint();
  }
  base::Status outcome;
  try {
    outcome = entry.unit(transaction_);
  } catch (const StoreError& failure) {
    outcome = errorOf(failure);
  } catch (const std::exception& failure) {
    outcome = bugOf(failure);
  }
  if (!transaction_.open()) {
    // A full disk or an I/O error made SQLite roll back all that came before, too.
    throw StoreError(outcome ? base::Code::kStoreFailed : outcome.error().code,
                     outcome ? "The database rolled back the batch; nothing was changed."
                             : outcome.error().message);
  }
  if (savepoint) {
    outcome ? transaction_.release() : transaction_.rollbackToSavepoint();
  }
  return outcome;
}

base::Error CommitThread::errorOf(const StoreError& failure) {
  faults_.note(failure);
  return base::fail(failure.code, failure.what());
}

void CommitThread::settle(Batch& batch) {
  std::uint64_t failed = 0;
  for (const Entry& entry : batch) {
    failed += entry.outcome ? 0 : 1;
  }
  {
    const std::lock_guard lock(mutex_);
    ++counts_.commits;
    counts_.units += batch.size();
    counts_.failedUnits += failed;
  }
  for (Entry& entry : batch) {
    if (entry.done) {
      entry.done(std::move(entry.outcome));
    }
  }
}

}  // namespace patchbay::store::sqlite
