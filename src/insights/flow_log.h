// The flows' logs (R10): their own database file, written in batches, searched by clients. Never slows the engine.
//
// Threads: append from any thread and never waits for the disk; when the queue is full records are dropped and counted. Searches (search.h)
// run on the caller's thread; they see everything appended before, because they flush first.
// Units: time in ms since 1970. Source of the fields: rest-api §19.1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace patchbay::insights {

// Whose a record is; shared by all records of a component.
struct LogOrigin {
  std::string flowId, userId;
  std::string componentId, componentType;
};
using LogOriginPtr = std::shared_ptr<const LogOrigin>;

struct LogRecord {
  std::int64_t time = 0;
  LogOriginPtr origin;   // never null
  LogOriginPtr sender;   // the component a message came from, null = none
  std::string severity;  // info, error, debug, trace, warn
  std::string type;      // data, error, log, flow
  std::string portType;  // in, out; empty = neither
  std::string port;
  std::string correlationId;
  std::string msg;  // text or JSON text
};

struct FlowLogOptions {
  std::filesystem::path path;          // logs.db
  std::size_t maxQueued = 100'000;     // records
  std::int64_t retentionDays = 30;
  std::uint64_t maxBytes = std::uint64_t{2} << 30;  // of the file; the oldest go first
};

class FlowLog {
 public:
  static base::Result<std::unique_ptr<FlowLog>> open(FlowLogOptions options);
  ~FlowLog();
  FlowLog(const FlowLog&) = delete;
  FlowLog& operator=(const FlowLog&) = delete;

  void append(LogRecord record);
  // Waits until everything appended before can be found.
  base::Status flush();
  std::uint64_t written() const;  // since it was opened
  std::uint64_t dropped() const;
  const std::filesystem::path& path() const;

 private:
  class Writer;
  explicit FlowLog(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace patchbay::insights
