// The flows' logs (R10) and the counts and times of their messages: their own database file, written in batches, searched by
// clients. Never slows the engine.
//
// Threads: append and count from any thread, and never wait for the disk; when the queue is full what comes is dropped and
// counted. Readers (search.h, message_statistics.h) run on the caller's thread; they see everything appended before, because
// they flush first.
// Retention: by age and by size, a slice between two batches, so that writing goes on meanwhile. The space of what is erased
// is used again; the file itself does not shrink.
// Units: time in ms since 1970. Source of the fields: rest-api §19.1; of the rest: docs/formats/insights.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::insights {

// Whose a record is; shared by all records of a component.
struct LogOrigin {
  std::string flowId, userId;
  std::string componentId, componentType;
  std::string connector = {};  // bundle of the type; empty = not known
};
using LogOriginPtr = std::shared_ptr<const LogOrigin>;

// Its texts are the giver's: the log copies them.
struct LogRecord {
  std::int64_t time = 0;
  LogOriginPtr origin;        // never null
  LogOriginPtr sender = {};   // the component a message came from, null = none
  std::string_view severity = {};  // info, error, debug, trace, warn
  std::string_view type = {};      // data, error, log, flow
  std::string_view portType = {};  // in, out; empty = neither
  std::string_view port = {};
  std::string_view correlationId = {};
  std::string_view msg = {};  // text or JSON text
};

// The end of a call that a stored message caused.
struct CallRecord {
  LogOriginPtr origin;  // never null
  std::int64_t time = 0;
  std::optional<std::int64_t> callMillis;     // absent: no worker was reached
  std::optional<std::int64_t> messageMillis;  // from queued to done; absent: it is not done
  std::size_t bytes = 0;                      // of its input
};

struct LogRetention {
  std::int64_t days = 30;
  std::uint64_t bytes = std::uint64_t{2} << 30;  // of the file; the oldest go first
};

struct FlowLogOptions {
  std::filesystem::path path;       // logs.db
  std::size_t maxQueued = 100'000;  // records, and as many calls
  std::size_t maxQueuedBytes = std::size_t{64} << 20;  // texts of the records
  LogRetention retention = {};
};

class FlowLog {
 public:
  // A damaged file is set aside (logs.db.damaged) and a new one begun, now or when it is found so later: flows run without their old
  // records rather than not at all.
  static base::Result<std::unique_ptr<FlowLog>> open(const FlowLogOptions& options);
  ~FlowLog();
  FlowLog(const FlowLog&) = delete;
  FlowLog& operator=(const FlowLog&) = delete;

  void append(LogRecord record);
  void count(CallRecord call);
  // Waits until everything appended and counted before can be found.
  void flush();
  // From now on; what is over it goes within seconds.
  void setRetention(LogRetention retention);
  std::uint64_t written() const;  // records since it was opened
  std::uint64_t dropped() const;  // records and calls
  const std::filesystem::path& path() const;

 private:
  class Writer;
  explicit FlowLog(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace patchbay::insights
