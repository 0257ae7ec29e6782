#include "http/event_stream.h"

#include <mutex>
#include <utility>

#include "http/body_stream.h"

namespace patchbay::http {

struct EventStream::Shared {
  std::mutex mutex;
  // All under the mutex.
  std::string waiting;
  BodyStream::Deliver deliver;  // the session waits for more
  std::function<void()> gone;
  bool ended = false;   // no more will be sent
  bool broken = false;  // cut off

  // Hands out what there is. Takes the lock over and gives it up.
  void pass(std::unique_lock<std::mutex> lock) {
    if (!deliver || (waiting.empty() && !ended && !broken)) {
      return;
    }
    const BodyStream::Deliver to = std::exchange(deliver, nullptr);
    std::string bytes = std::exchange(waiting, {});
    const bool cut = broken;
    lock.unlock();
    if (cut) {
      to(base::fail(base::Code::kUnavailable, "The client was cut off."));
    } else {
      to(std::move(bytes));
    }
  }

  // No client any more. Takes the lock over and gives it up.
  void breakOff(std::unique_lock<std::mutex> lock) {
    const auto tell = ended || broken ? std::function<void()>() : std::exchange(gone, nullptr);
    broken = broken || !ended;
    waiting.clear();
    pass(std::move(lock));
    if (tell) {
      tell();
    }
  }
};

class EventStream::Body : public BodyStream {
 public:
  explicit Body(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~Body() override {
    std::unique_lock lock(shared_->mutex);
    shared_->deliver = nullptr;
    shared_->breakOff(std::move(lock));
  }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  void next(Deliver deliver) override {
    std::unique_lock lock(shared_->mutex);
    shared_->deliver = std::move(deliver);
    shared_->pass(std::move(lock));
  }
  std::string_view heartbeat() const override { return ": ping\n\n"; }

 private:
  std::shared_ptr<Shared> shared_;
};

EventStream::EventStream(std::function<void()> gone) : shared_(std::make_shared<Shared>()) {
  shared_->gone = std::move(gone);
}

EventStream::~EventStream() {
  std::unique_lock lock(shared_->mutex);
  shared_->gone = nullptr;
  if (!shared_->ended) {
    shared_->breakOff(std::move(lock));
  }
}

Response EventStream::response() {
  Response response;
  response.contentType = "text/event-stream; charset=utf-8";
  response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  response.stream = std::make_shared<Body>(shared_);
  return response;
}

bool EventStream::send(std::string_view event, std::string_view json) {
  std::unique_lock lock(shared_->mutex);
  if (shared_->ended || shared_->broken) {
    return false;
  }
  if (shared_->waiting.size() + json.size() > kMostWaiting && !shared_->waiting.empty()) {
    shared_->breakOff(std::move(lock));
    return false;
  }
  std::string& out = shared_->waiting;
  out.append("event: ").append(event).append("\ndata: ");
  for (const char c : json) {  // a line end is white space in JSON, and the end of the data here
    out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  out.append("\n\n");
  shared_->pass(std::move(lock));
  return true;
}

void EventStream::end() {
  std::unique_lock lock(shared_->mutex);
  shared_->ended = true;
  shared_->gone = nullptr;
  shared_->pass(std::move(lock));
}

}  // namespace patchbay::http
