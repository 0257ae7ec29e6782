#include "runtime/process_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"

namespace patchbay::runtime {
namespace {

constexpr std::size_t kMaxLine = 500;
constexpr std::size_t kKeptLines = 20;
// Lines of one process that reach the server's log.
constexpr std::uint64_t kLoggedLines = 1000;
constexpr int kDrainReads = 64;
// Beyond this a part is only looked at for its last lines.
constexpr std::size_t kSearchedBytes = 8 * 1024;

bool isAboutMemory(std::string_view line) {
  for (const std::string_view sign : {"out of memory", "Reached heap limit", "std::bad_alloc",
                                      "Cannot allocate memory", "Array buffer allocation failed"}) {
    if (line.find(sign) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// Only what cannot confuse a terminal or a log reader.
std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

}  // namespace

ProcessOutput::ProcessOutput(boost::asio::io_context& context, base::Descriptor pipe,
                             std::string name)
    : pipe_(context, pipe.release()), name_(std::move(name)) {
  fcntl(pipe_.native_handle(), F_SETFL, O_NONBLOCK);
}

void ProcessOutput::start() {
  wait();
}

void ProcessOutput::drain() {
  for (int i = 0; i < kDrainReads && pipe_.is_open() && readSome(); ++i) {
  }
  endLine();
}

void ProcessOutput::close() {
  boost::system::error_code ignored;
  pipe_.close(ignored);
}

std::string ProcessOutput::lastLines(std::size_t most) const {
  std::string out;
  for (std::size_t i = lines_.size() - std::min(most, lines_.size()); i < lines_.size(); ++i) {
    out += (out.empty() ? "" : "\n") + lines_[i];
  }
  return out;
}

void ProcessOutput::wait() {
  pipe_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](const boost::system::error_code& error) {
                     if (error || !self->pipe_.is_open()) {
                       return;
                     }
                     self->readSome();
                     if (self->pipe_.is_open()) {
                       self->wait();
                     }
                   });
}

// One read; false at the end or when nothing is there. One buffer serves all: its content is used
// up at once.
bool ProcessOutput::readSome() {
  static thread_local char buffer[64 * 1024];
  const ssize_t size = read(pipe_.native_handle(), buffer, sizeof(buffer));
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return errno == EINTR;
  }
  if (size <= 0) {
    close();
    return false;
  }
  bytes_ += static_cast<std::uint64_t>(size);
  take({buffer, static_cast<std::size_t>(size)});
  return true;
}

void ProcessOutput::take(std::string_view part) {
  if (part.size() > kSearchedBytes && loggedLines_ >= kLoggedLines) {
    line_.clear();
    part.remove_prefix(part.size() - kSearchedBytes);
  }
  while (!part.empty()) {
    const std::size_t end = std::min(part.find('\n'), part.size());
    if (line_.size() < kMaxLine) {
      line_.append(part.substr(0, std::min(end, kMaxLine - line_.size())));
    }
    if (end < part.size()) {
      endLine();
    }
    part.remove_prefix(std::min(end + 1, part.size()));
  }
}

void ProcessOutput::endLine() {
  if (line_.empty()) {
    return;
  }
  lines_.push_back(printable(line_));
  saidOutOfMemory_ = saidOutOfMemory_ || isAboutMemory(line_);
  line_.clear();
  if (lines_.size() > kKeptLines) {
    lines_.pop_front();
  }
  if (++loggedLines_ < kLoggedLines) {
    SPDLOG_DEBUG("{}: {}", name_, lines_.back());
  } else if (loggedLines_ == kLoggedLines) {
    SPDLOG_DEBUG("{}: writes a lot; no more of it is logged", name_);
  }
}

}  // namespace patchbay::runtime
