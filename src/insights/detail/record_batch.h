// Log records on their way to the writer, their texts one behind the other in one piece of memory: a record costs a copy of its texts and
// no allocation.
//
// Threads: none of its own; the queue is filled under the log's lock, what the writer took is the writer's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "insights/flow_log.h"

namespace patchbay::insights {

class RecordBatch {
 public:
  void add(LogRecord record) {
    Entry entry{record.time, std::move(record.origin), std::move(record.sender), text_.size(), {}};
    for (std::size_t n = 0; n < kTexts.size(); ++n) {
      const std::string_view text = record.*kTexts[n];
      entry.sizes[n] = static_cast<std::uint32_t>(text.size());
      text_ += text;
    }
    entries_.push_back(std::move(entry));
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  std::size_t textBytes() const { return text_.size(); }

  // Good until the batch is changed.
  LogRecord operator[](std::size_t at) const {
    const Entry& entry = entries_[at];
    LogRecord record{.time = entry.time, .origin = entry.origin, .sender = entry.sender};
    std::string_view rest = std::string_view(text_).substr(entry.from);
    for (std::size_t n = 0; n < kTexts.size(); ++n) {
      record.*kTexts[n] = rest.substr(0, entry.sizes[n]);
      rest.remove_prefix(entry.sizes[n]);
    }
    return record;
  }

  // Keeps the memory of a usual batch.
  void clear() {
    entries_.clear();
    text_.clear();
    if (text_.capacity() > kBytesKept) {
      text_.shrink_to_fit();
      entries_.shrink_to_fit();
    }
  }

 private:
  static constexpr std::array kTexts{&LogRecord::severity, &LogRecord::type,          &LogRecord::portType,
                                     &LogRecord::port,     &LogRecord::correlationId, &LogRecord::msg};
  static constexpr std::size_t kBytesKept = std::size_t{4} << 20;

  struct Entry {
    std::int64_t time;
    LogOriginPtr origin, sender;
    std::size_t from;  // in text_
    std::array<std::uint32_t, kTexts.size()> sizes;
  };

  std::vector<Entry> entries_;
  std::string text_;
};

}  // namespace patchbay::insights
