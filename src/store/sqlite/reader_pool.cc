#include "store/sqlite/reader_pool.h"

namespace patchbay::store::sqlite {

base::Status ReaderPool::read(const std::function<void(Transaction&)>& reader) {
  std::unique_ptr<SqliteTransaction> transaction;
  base::Status outcome;
  try {
    transaction = lend();
    transaction->begin();
    reader(*transaction);
    transaction->rollback();
  } catch (const StoreError& failure) {
    faults_.note(failure);
    outcome = base::fail(failure.code, failure.what());
  } catch (...) {
    // A bug in the reader: the connection is dropped, the exception goes on to an edge that reports it.
    giveBack(nullptr);
    throw;
  }
  // A connection that failed is closed; the next reader opens a new one.
  giveBack(outcome ? std::move(transaction) : nullptr);
  return outcome;
}

std::unique_ptr<SqliteTransaction> ReaderPool::lend() {
  std::unique_lock lock(mutex_);
  free_.wait(lock, [this] { return lent_ < size_; });
  ++lent_;
  if (!idle_.empty()) {
    auto reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
  }
  lock.unlock();
  return std::make_unique<SqliteTransaction>(
      std::make_unique<Connection>(path_, vfs_, Mode::kReader));
}

void ReaderPool::giveBack(std::unique_ptr<SqliteTransaction> reader) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (reader != nullptr) {
      idle_.push_back(std::move(reader));
    }
  }
  free_.notify_one();
}

}  // namespace patchbay::store::sqlite
