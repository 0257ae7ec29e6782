#include "http/detail/request_threads.h"

namespace patchbay::http {

RequestThreads::RequestThreads(std::size_t count, std::size_t maxWaiting)
    : maxWaiting_(maxWaiting) {
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] { run(); });
  }
}

RequestThreads::~RequestThreads() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool RequestThreads::submit(std::function<void()>& work) {
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || waiting_.size() >= maxWaiting_) {
      return false;
    }
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void RequestThreads::run() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) {
        return;
      }
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace patchbay::http
