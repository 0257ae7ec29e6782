// The threads that run handlers which may block.
//
// Threads: submit from any thread. The destructor runs what waits and joins.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace patchbay::http {

class RequestThreads {
 public:
  RequestThreads(std::size_t count, std::size_t maxWaiting);
  ~RequestThreads();
  RequestThreads(const RequestThreads&) = delete;
  RequestThreads& operator=(const RequestThreads&) = delete;

  // False: as many as may wait do wait; `work` was not taken.
  bool submit(std::function<void()>& work);

 private:
  void run();

  const std::size_t maxWaiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace patchbay::http
