// Carries out the operations of some kinds on threads of its own, by default one, one after another
// (rest-api §1.7).
//
// Delivery: an operation whose row says "in-progress" is carried out again from resume() on, when
// the end of the process has cut it off; whoever carries it out keeps his place in its document.
// Threads: safe from any thread; `carryOut` runs on the thread, and returns early, its row as it
// was, when ending(). Ownership: the store and what `carryOut` names must outlive this. end() and
// the destructor wait for the operation at work.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/operations.h"
#include "store/store.h"

namespace patchbay::store {

class OperationThread {
 public:
  using CarryOut = std::function<void(OperationRecord)>;

  OperationThread(Store& store, std::vector<std::string_view> kinds, CarryOut carryOut,
                  std::size_t threads = 1);
  ~OperationThread();
  OperationThread(const OperationThread&) = delete;
  OperationThread& operator=(const OperationThread&) = delete;

  bool owns(const OperationRecord& operation) const;
  base::Status resume();  // once: starts the thread, with what was cut off
  void end();
  void add(OperationRecord operation);  // its row is stored
  bool ending() const;
  // For the thread itself. False: the end has come.
  bool wait(base::Millis time);

 private:
  void run();

  Store& store_;
  const std::vector<std::string_view> kinds_;
  const CarryOut carryOut_;
  const std::size_t threadCount_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<OperationRecord> waiting_;  // under mutex_
  bool resumed_ = false;                 // under mutex_
  bool ending_ = false;                  // under mutex_
  std::vector<std::thread> threads_;
};

}  // namespace patchbay::store
