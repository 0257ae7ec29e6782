// Cuts a stream of bytes into lines, each searched once and copied at most when its buffer grows.
//
// Threads: not thread-safe.
// Ownership: a line lives until the next call of room().
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "runtime/frames.h"

namespace patchbay::runtime {

class FrameReader {
 public:
  FrameReader() = default;

  // Where to read to, at least one byte; then say how much came. After every line was taken with
  // next().
  std::span<char> room();
  void filled(std::size_t bytes);
  // The next whole line without its end, kFramePadding bytes readable behind it; nothing: read
  // more. Empty lines are passed over.
  std::optional<std::span<char>> next();
  // What has come without an end is longer than a frame may be.
  bool isTooLong() const { return end_ - begin_ > kMaxFrameBytes; }

 private:
  void grow(std::size_t capacity);

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;    // of the unfinished line
  std::size_t scanned_ = 0;  // no line end before this
  std::size_t end_ = 0;
};

}  // namespace patchbay::runtime
