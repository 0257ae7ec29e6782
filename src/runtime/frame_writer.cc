#include "runtime/frame_writer.h"

#include <algorithm>
#include <cstring>

namespace patchbay::runtime {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kKeptCapacity = 4 * kChunkBytes;

void replaceLineEnds(char* text, std::size_t size) {
  while (auto* found = static_cast<char*>(std::memchr(text, '\n', size))) {
    *found = ' ';
    size -= static_cast<std::size_t>(found + 1 - text);
    text = found + 1;
  }
}

}  // namespace

void FrameWriter::add(std::initializer_list<std::string_view> parts) {
  std::string& out = chunk();
  const std::size_t start = out.size();
  for (const std::string_view part : parts) {
    out.append(part);
  }
  replaceLineEnds(out.data() + start, out.size() - start);
  out.push_back('\n');
  bytes_ += out.size() - start;
}

std::size_t FrameWriter::gather(std::span<iovec> parts) const {
  const std::size_t count = std::min(parts.size(), chunks_.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t skipped = i == 0 ? written_ : 0;
    parts[i].iov_base =
        const_cast<char*>(chunks_[i].data()) + skipped;  // writev does not write there
    parts[i].iov_len = chunks_[i].size() - skipped;
  }
  return count;
}

void FrameWriter::drop(std::size_t bytes) {
  bytes_ -= bytes;
  written_ += bytes;
  while (!chunks_.empty() && written_ >= chunks_.front().size()) {
    written_ -= chunks_.front().size();
    if (chunks_.front().capacity() <= kKeptCapacity) {
      spare_ = std::move(chunks_.front());
      spare_.clear();
    }
    chunks_.pop_front();
  }
}

std::string& FrameWriter::chunk() {
  if (chunks_.empty() || chunks_.back().size() >= kChunkBytes) {
    chunks_.push_back(std::move(spare_));
    spare_ = std::string();
  }
  return chunks_.back();
}

}  // namespace patchbay::runtime
