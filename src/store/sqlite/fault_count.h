// Counts what fails for a fault of the disk or the file (store.h, StoreFaults).
//
// Threads: any.
#pragma once

#include <mutex>

#include "store/store.h"

namespace patchbay::store::sqlite {

class FaultCount {
 public:
  void note(const StoreError& failure) {
    if (failure.fault == StoreError::Fault::kRequest) {
      return;
    }
    const std::lock_guard lock(mutex_);
    ++faults_.count;
    faults_.last = failure.what();
    faults_.damaged = faults_.damaged || failure.fault == StoreError::Fault::kDamage;
  }

  StoreFaults get() const {
    const std::lock_guard lock(mutex_);
    return faults_;
  }

 private:
  mutable std::mutex mutex_;
  StoreFaults faults_;
};

}  // namespace patchbay::store::sqlite
