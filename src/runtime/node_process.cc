#include "runtime/node_process.h"

#include <sys/socket.h>

#include <array>

#include "base/log.h"
#include "runtime/exit_reason.h"

namespace patchbay::runtime {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostChunks = 16;
constexpr int kReadsPerTurn = 4;
// A process that does not read its replies is not read from either.
constexpr std::size_t kMaxPendingBytes = 16U * 1024 * 1024;
constexpr std::size_t kReasonLines = 3;

}  // namespace

std::shared_ptr<NodeProcess> NodeProcess::start(NodeHost& host, NodeOrder order, Owner& owner) {
  auto process = std::make_shared<NodeProcess>(host, std::move(order), owner);
  process->spawn();
  return process;
}

NodeProcess::NodeProcess(NodeHost& host, NodeOrder order, Owner& owner)
    : host_(host), order_(std::move(order)), owner_(&owner), socket_(host.executor().context()) {}

NodeProcess::~NodeProcess() = default;

void NodeProcess::spawn() {
  startedAt_ = Steady::now();
  writer_.add({order_.hello});
  startPulse();
  auto launch = host_.prepare(order_);
  if (!launch) {
    host_.executor().post(
        [self = shared_from_this(), reason = launch.error().message] { self->finish(reason); });
    return;
  }
  temporary_ = std::move(launch->temporary);
  host_.spawner().spawn(
      std::move(launch->process),
      [self = shared_from_this()](base::Result<base::Process> started) {
        self->onStarted(std::move(started));
      },
      [self = shared_from_this()](pid_t, int status) { self->onExit(status); });
}

void NodeProcess::onStarted(base::Result<base::Process> started) {
  if (!started) {
    finish(started.error().message);
    return;
  }
  id_ = started->id;
  SPDLOG_DEBUG("{} starts as process {}", order_.name, id_);
  auto& context = host_.executor().context();
  socket_.assign(boost::asio::local::stream_protocol(), started->channel.release());
  socket_.native_non_blocking(true);
  output_ = std::make_shared<ProcessOutput>(context, std::move(started->output), order_.name);
  errors_ = std::make_shared<ProcessOutput>(context, std::move(started->errors), order_.name);
  output_->start();
  errors_->start();
  if (isKilled_) {
    host_.spawner().killTree(id_);
    return;
  }
  if (state_ == State::kEnding) {
    stop();
    return;
  }
  flush();
  waitToRead();
}

void NodeProcess::onExit(int status) {
  if (state_ == State::kEnded) {
    return;
  }
  while (readOnce() != Read::kNothing) {
    takeFrames();
  }
  output_->drain();
  errors_->drain();
  finish(exitReason(status));
}

std::string NodeProcess::exitReason(int status) const {
  return reason_.empty()
             ? describeExit(status, host_.isolation() == Isolation::kBubblewrap,
                            errors_->saidOutOfMemory(), errors_->lastLines(kReasonLines),
                            host_.options().heapMegabytes)
             : reason_;
}

void NodeProcess::finish(std::string reason) {
  if (state_ == State::kEnded) {
    return;
  }
  state_ = State::kEnded;
  host_.executor().cancel(pulseTimer_);
  boost::system::error_code ignored;
  socket_.close(ignored);
  for (const auto& output : {output_, errors_}) {
    if (output) {
      output->close();
    }
  }
  if (!temporary_.empty()) {
    host_.clear(temporary_);
  }
  SPDLOG_DEBUG("{} (process {}) has ended: {}", order_.name, id_, reason);
  if (owner_ != nullptr) {
    std::exchange(owner_, nullptr)
        ->onEnded({std::move(reason), wasReady_, wasTold_, isCrash_ && !wasTold_});
  }
}

void NodeProcess::stop() {
  if (state_ == State::kEnded || isKilled_) {
    return;
  }
  const bool isFirst = state_ != State::kEnding;
  state_ = State::kEnding;
  wasTold_ = true;
  if (socket_.is_open()) {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  if (isFirst) {
    host_.executor().after(host_.options().endWithin, [self = shared_from_this()] {
      self->kill("it did not end when told to");
    });
  }
}

void NodeProcess::kill(std::string reason, bool isCrash) {
  if (state_ == State::kEnded || isKilled_) {
    return;
  }
  isKilled_ = true;
  state_ = State::kEnding;
  reason_ = std::move(reason);
  isCrash_ = isCrash;
  if (id_ > 0) {
    host_.spawner().killTree(id_);
  }
}

void NodeProcess::detach() {
  owner_ = nullptr;
  kill("the server ends it", false);
}

// Reading.

void NodeProcess::waitToRead() {
  if (isReadWaiting_ || !socket_.is_open()) {
    return;
  }
  isReadWaiting_ = true;
  socket_.async_wait(Socket::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->isReadWaiting_ = false;
                       if (!error) {
                         self->onReadable();
                       }
                     });
}

void NodeProcess::onReadable() {
  Read read = Read::kFull;
  for (int i = 0; read == Read::kFull && i < kReadsPerTurn; ++i) {
    read = readOnce();
    takeFrames();
  }
  if (writer_.bytes() <= kMaxPendingBytes) {
    waitToRead();
  }
}

// One recv.
NodeProcess::Read NodeProcess::readOnce() {
  if (!socket_.is_open()) {
    return Read::kNothing;
  }
  const std::span<char> room = reader_.room();
  const ssize_t size = recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (size > 0) {
    reader_.filled(static_cast<std::size_t>(size));
    return static_cast<std::size_t>(size) == room.size() ? Read::kFull : Read::kSome;
  }
  if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (isOpen()) {  // its exit is about to be told, else it gave up the channel alone
      state_ = State::kEnding;
      host_.executor().after(host_.options().endWithin, [self = shared_from_this()] {
        self->kill("it closed its channel to the engine");
      });
    }
  }
  return Read::kNothing;
}

void NodeProcess::takeFrames() {
  bool any = false;
  while (const auto line = isBroken_ ? std::nullopt : reader_.next()) {
    const auto frame = decoder_.decode(*line);
    if (!frame) {
      refuse(frame.error().message);
      return;
    }
    any = true;
    takeFrame(**frame);
  }
  if (!isBroken_ && reader_.isTooLong()) {
    refuse("A frame is longer than 32 MiB");
  }
  if (any && owner_ != nullptr) {
    owner_->onFramesRead();
  }
}

void NodeProcess::takeFrame(const UpFrame& frame) {
  if (frame.type == FrameType::kReady) {
    wasReady_ = true;
    if (state_ == State::kStarting) {
      state_ = State::kReady;
    }
  } else if (frame.type == FrameType::kPong) {
    ++pongs_;
    pingSentAt_.reset();
  } else if (owner_ != nullptr) {
    owner_->onFrame(frame);
  }
}

void NodeProcess::refuse(const std::string& problem) {
  SPDLOG_WARN("{}: {}", order_.name, problem);
  isBroken_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  kill("it broke the protocol: " + problem);
}

// Writing.

void NodeProcess::write(std::initializer_list<std::string_view> parts) {
  if (isOpen()) {
    writer_.add(parts);
    scheduleFlush();
  }
}

void NodeProcess::scheduleFlush() {
  if (!isFlushScheduled_ && !isWriteBlocked_ && id_ > 0) {
    isFlushScheduled_ = true;
    host_.executor().post([self = shared_from_this()] {
      self->isFlushScheduled_ = false;
      self->flush();
    });
  }
}

void NodeProcess::flush() {
  while (writer_.bytes() > 0 && socket_.is_open() && isOpen()) {
    std::array<iovec, kMostChunks> parts{};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = writer_.gather(parts);
    const ssize_t size = sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      if (errno == EAGAIN) {
        waitToWrite();
      }
      return;  // otherwise it is gone, and its end will be told
    }
    writer_.drop(static_cast<std::size_t>(size));
  }
  if (writer_.bytes() <= kMaxPendingBytes) {
    waitToRead();
  }
}

void NodeProcess::waitToWrite() {
  isWriteBlocked_ = true;
  socket_.async_wait(Socket::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->isWriteBlocked_ = false;
                       if (!error) {
                         self->flush();
                       }
                     });
}

// The pulse: one timer, which runs while the process starts or owes answers.

void NodeProcess::watch() {
  if (pulseTimer_ == 0 && isOpen()) {
    startPulse();
  }
}

void NodeProcess::startPulse() {
  pulseTimer_ = host_.executor().after(host_.options().pingEvery, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->pulseTimer_ = 0;
      self->pulse();
    }
  });
}

void NodeProcess::pulse() {
  const auto now = Steady::now();
  if (state_ == State::kStarting) {
    if (now - startedAt_ > host_.options().startWithin) {
      kill("it was not ready in time");
    } else {
      startPulse();
    }
    return;
  }
  if (state_ != State::kReady || owner_ == nullptr || !owner_->expectsAnswers()) {
    pingSentAt_.reset();
    return;
  }
  if (!pingSentAt_) {
    ping();
  } else if (now - *pingSentAt_ > host_.options().deafAfter) {
    kill("it did not answer for " + std::to_string(host_.options().deafAfter.count() / 1000) +
         " s (its event loop is blocked)");
    return;
  }
  startPulse();
}

void NodeProcess::ping() {
  pingSentAt_ = Steady::now();
  write({R"({"t":"ping","n":)", std::to_string(++pings_), "}"});
}

}  // namespace patchbay::runtime
