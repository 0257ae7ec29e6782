#include "store/operation_thread.h"

#include <algorithm>

namespace patchbay::store {

OperationThread::OperationThread(Store& store, std::vector<std::string_view> kinds,
                                 CarryOut carryOut, std::size_t threads)
    : store_(store),
      kinds_(std::move(kinds)),
      carryOut_(std::move(carryOut)),
      threadCount_(threads) {}

OperationThread::~OperationThread() {
  end();
}

bool OperationThread::owns(const OperationRecord& operation) const {
  return std::find(kinds_.begin(), kinds_.end(), operation.kind) != kinds_.end();
}

base::Status OperationThread::resume() {
  const std::lock_guard lock(mutex_);
  base::Status status = store_.read([this](Transaction& tx) {
    for (OperationRecord& operation : tx.operations().byStatus("in-progress")) {
      if (owns(operation)) {
        waiting_.push_back(std::move(operation));
      }
    }
  });
  if (status) {
    resumed_ = true;
    for (std::size_t i = 0; i < threadCount_; ++i) {
      threads_.emplace_back([this] { run(); });
    }
  }
  return status;
}

void OperationThread::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

void OperationThread::add(OperationRecord operation) {
  {
    const std::lock_guard lock(mutex_);
    if (!resumed_) {
      return;  // resume() reads its row
    }
    waiting_.push_back(std::move(operation));
  }
  wake_.notify_all();
}

bool OperationThread::ending() const {
  const std::lock_guard lock(mutex_);
  return ending_;
}

bool OperationThread::wait(base::Millis time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return ending_; });
}

void OperationThread::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) {
      return;
    }
    OperationRecord operation = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    carryOut_(std::move(operation));
  }
}

}  // namespace patchbay::store
