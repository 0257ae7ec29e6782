// Runs component code in Node worker processes. The engine says what (a frame's members); this room
// knows that a worker is a process.
//
// Threads: everything here, callbacks too, on the engine loop only (base::Executor).
// A worker process belongs to one connector revision (WorkerSpec), is started on first use, stopped
// when idle, ended with its process tree at a deadline, and rests in quarantine when it keeps
// crashing.
// Format: protocol/README.md. Delivery: a call ends with exactly one of onDone, onFail,
// onLost; after cancel() none of them comes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace patchbay::runtime {

// Unique in the life of the Runtime: the attempt's token.
using CallId = std::uint64_t;

struct WorkerSpec {
  std::string revision;        // key of the pool
  std::filesystem::path root;  // holds <vendor>/<service>/…
  std::string program = "worker";  // below runtime-js: worker, plugin-host
};

// A flow as workers see it, written once per flow version and sent to a worker before its first
// call that names it.
struct FlowFrame {
  std::string key;   // "<flowId>:<version>:<runId>"
  std::string json;  // {flowId, name, userId, userInfo, customFields, descriptor}
};

struct Invocation {
  std::shared_ptr<const WorkerSpec> spec;
  std::shared_ptr<const FlowFrame> flow;  // may be null
  // Members of the call frame after "t" and "id", as JSON text without braces:
  // "\"m\":\"receive\",…".
  std::string members;
  base::Millis deadline{0};
  bool alone = false;  // in a process that runs nothing else meanwhile (R7)
};

// Slices of the frame, valid during the callback. `scope` and `headers` are empty when not given.
struct Send {
  std::string_view port;
  std::string_view payload;  // it and the rest: raw JSON
  std::string_view scope = {}, headers = {}, contentType = {};  // empty: not given
};

struct Done {
  std::span<const Send> sends;
  bool tookUrl = false;
  std::string_view value = {};     // raw JSON or empty
  std::string_view response = {};  // arguments of the host call `response` made last, or empty
};

enum class FailKind : std::uint8_t { kCancel, kValidation, kToken, kLoad, kError };

struct Failure {
  FailKind kind = FailKind::kError;
  std::string_view err;  // raw JSON: {name, message, code?, status?, data?, stack?}
};

struct Loss {
  bool deadline = false;  // this call's own deadline passed
  // Calls the process had when it was lost. 1: this call alone is to blame. One that the process
  // never took up counts as several.
  std::size_t inFlight = 1;
  std::string reason;  // for people: "ended by signal 9 (out of memory)", …
};

class CallListener {
 public:
  virtual ~CallListener() = default;
  virtual void onHost(CallId call, std::uint64_t q, std::string_view op,
                      std::string_view arguments) = 0;
  virtual void onEmit(CallId call, std::optional<std::uint64_t> q, std::span<const Send> sends) = 0;
  // `level` and `message` are text, `data` is raw JSON or empty.
  virtual void onLog(CallId call, std::string_view level, std::string_view message,
                     std::string_view data) = 0;
  virtual void onDone(CallId call, const Done& done) = 0;
  virtual void onFail(CallId call, const Failure& failure) = 0;
  virtual void onLost(CallId call, const Loss& loss) = 0;
};

class Runtime {
 public:
  virtual ~Runtime() = default;
  // Calls this revision's pool would take now (a starting worker counts). 0 = wait for onCapacity.
  // A pool in quarantine is not full: call() says until when it rests.
  virtual std::size_t capacity(const WorkerSpec& spec) = 0;
  // `listener` must outlive the call. kQuarantined, kUnavailable: nothing was started.
  virtual base::Result<CallId> call(Invocation invocation, CallListener& listener) = 0;
  virtual void reply(CallId call, std::uint64_t q, std::string_view json) = 0;
  virtual void replyError(CallId call, std::uint64_t q, std::string_view errJson) = 0;
  // Fences the attempt: no callback of this call comes any more.
  virtual void cancel(CallId call) = 0;
  // The processes of now take no new calls and end when their last unfenced call has. A later call
  // starts new ones.
  virtual void retire(const std::string& revision) = 0;
  // Told when a pool that was full takes calls again.
  virtual void onCapacity(std::function<void(const std::string& revision)> told) = 0;
};

struct Mapped {
  std::optional<std::string> value;  // JSON text; nothing = undefined
  std::vector<std::string> warnings;
};

// Evaluates what the engine does not map itself (R33), in mapper processes that start on first use.
class MapperPool {
 public:
  using Told = std::function<void(base::Result<Mapped>)>;
  virtual ~MapperPool() = default;
  // `members`: of the map (or test) frame after "t" and "id". kWorkerLost: lost, try again without
  // spending an attempt. kDeadline: too slow.
  virtual void map(std::string members, Told told) = 0;
  virtual void test(std::string members, Told told) = 0;
  // The tenant's modifiers document; running mappers get it too. Empty: the shipped one.
  virtual void setModifiers(std::string document) = 0;
};

}  // namespace patchbay::runtime
