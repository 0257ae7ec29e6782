#include "http/detail/io_loop.h"

#include <ctime>

#include <boost/asio/post.hpp>

#include "http/detail/session.h"

namespace patchbay::http {

namespace asio = boost::asio;

namespace {
thread_local const IoLoop* running = nullptr;
}  // namespace

bool IoLoop::onThread() const { return running == this; }

IoLoop::IoLoop() : work_(asio::make_work_guard(context_)), ticker_(context_) { readClock(); }

IoLoop::~IoLoop() = default;

void IoLoop::start() {
  thread_ = std::thread([this] {
    running = this;
    context_.run();
  });
  asio::post(context_, [this] { tick(); });
}

void IoLoop::readClock() {
  now_ = std::chrono::steady_clock::now();
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  date_.assign(text, length);
}

void IoLoop::tick() {
  readClock();
  eachSession([this](Session& session) { session.checkDeadline(now_); });
  if (ending_) {
    return;
  }
  ticker_.expires_after(std::chrono::seconds(1));
  ticker_.async_wait([this](const boost::system::error_code& failure) {
    if (!failure) {
      tick();
    }
  });
}

// A session may leave while we look at it.
template <typename Act>
void IoLoop::eachSession(Act act) {
  const std::vector<std::shared_ptr<Session>> all(sessions_.begin(), sessions_.end());
  for (const auto& session : all) {
    act(*session);
  }
}

void IoLoop::enter(std::shared_ptr<Session> session) {
  sessions_.insert(std::move(session));
  connections_.fetch_add(1, std::memory_order_relaxed);
}

void IoLoop::leave(const std::shared_ptr<Session>& session) {
  if (sessions_.erase(session) > 0) {
    connections_.fetch_sub(1, std::memory_order_relaxed);
  }
}

void IoLoop::closeIdle() {
  eachSession([](Session& session) { session.closeIfIdle(); });
}

void IoLoop::deliver(std::shared_ptr<Session> session, std::uint64_t number, Response response) {
  if (onThread()) {
    session->answer(number, std::move(response));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (ended_) {
      return;
    }
    deliveries_.push_back({std::move(session), number, std::move(response)});
    if (deliveries_.size() > 1) {
      return;  // the one before has woken the loop
    }
  }
  asio::post(context_, [this] { handOut(); });
}

void IoLoop::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (!ended_) {
    asio::post(context_, std::move(work));
  }
}

void IoLoop::handOut() {
  std::vector<Delivery> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(deliveries_);
  }
  for (Delivery& delivery : taken) {
    delivery.session->answer(delivery.number, std::move(delivery.response));
  }
}

void IoLoop::end() {
  if (!thread_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  asio::post(context_, [this] {
    ending_ = true;
    ticker_.cancel();
    handOut();
    eachSession([](Session& session) { session.close(); });
    work_.reset();
  });
  thread_.join();
}

}  // namespace patchbay::http
