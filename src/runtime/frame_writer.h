// Frames that wait to be written to one process, in chunks ready for writev.
//
// Threads: not thread-safe. A line end inside a part (a body that was sent indented) becomes a
// space: within JSON it can only stand between tokens.
#pragma once

#include <sys/uio.h>

#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::runtime {

class FrameWriter {
 public:
  // One frame: its parts one after the other, then the line end.
  void add(std::initializer_list<std::string_view> parts);
  std::size_t bytes() const { return bytes_; }
  // The first chunks, at most parts.size(); how many were set.
  std::size_t gather(std::span<iovec> parts) const;
  // The first `bytes` are written.
  void drop(std::size_t bytes);

 private:
  std::string& chunk();

  std::deque<std::string> chunks_;
  std::size_t written_ = 0;  // of the first chunk
  std::size_t bytes_ = 0;
  std::string spare_;
};

}  // namespace patchbay::runtime
