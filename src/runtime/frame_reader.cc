#include "runtime/frame_reader.h"

#include <algorithm>
#include <cstring>

namespace patchbay::runtime {
namespace {

constexpr std::size_t kFirstCapacity = 64 * 1024;
constexpr std::size_t kLeastRoom = 16 * 1024;

}  // namespace

std::span<char> FrameReader::room() {
  const std::size_t held = end_ - begin_;
  if (held == 0 && capacity_ != kFirstCapacity) {
    grow(kFirstCapacity);
  } else if (held == 0) {
    begin_ = scanned_ = end_ = 0;
  } else if (capacity_ - end_ < kLeastRoom) {
    // Moving costs as much as was read since the last move only while the line fills less than
    // half.
    grow(held > capacity_ / 2 ? capacity_ * 2 : capacity_);
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void FrameReader::filled(std::size_t bytes) {
  end_ += bytes;
}

std::optional<std::span<char>> FrameReader::next() {
  while (scanned_ < end_) {
    char* const from = buffer_.get() + scanned_;
    auto* const found = static_cast<char*>(std::memchr(from, '\n', end_ - scanned_));
    if (found == nullptr) {
      scanned_ = end_;
      return std::nullopt;
    }
    const std::size_t lineEnd = static_cast<std::size_t>(found - buffer_.get());
    const std::span<char> line{buffer_.get() + begin_, lineEnd - begin_};
    begin_ = scanned_ = lineEnd + 1;
    if (!line.empty()) {
      return line;
    }
  }
  return std::nullopt;
}

// Also moves what is held to the front.
void FrameReader::grow(std::size_t capacity) {
  const std::size_t held = end_ - begin_;
  if (capacity == capacity_) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  } else {
    std::unique_ptr<char[]> larger(new char[capacity + kFramePadding]);
    if (held != 0) {
      std::memcpy(larger.get(), buffer_.get() + begin_, held);
    }
    std::memset(larger.get() + capacity, ' ', kFramePadding);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  scanned_ -= begin_;
  end_ = held;
  begin_ = 0;
}

}  // namespace patchbay::runtime
