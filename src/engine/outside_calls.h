// Calls of components that no message caused: outside any queue, without a row, a retry or a log
// record, while somebody waits.
//
// Threads: the engine loop. Errors, told once: kInvalid (the component's own message, with its
// data), kDeadline, kWorkerLost, kUnavailable (too many at once, or no place in its worker within
// runtime::kWaitForPlace), kQuarantined.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/attempt.h"
#include "engine/context/host_calls.h"
#include "engine/parts.h"

namespace patchbay::engine {

struct OutsideCall {
  using Told = std::function<void(base::Result<std::string>)>;

  AttemptPtr attempt;   // host calls know a component by its attempt; its message is in no queue
  std::string members;  // of the call frame
  base::Millis deadline{0};
  std::string_view kind;  // "a static call"; lives for ever, as the names of the next
  std::span<const std::string_view> hostCalls;     // what it may ask; all else is refused
  std::function<void(const runtime::Send&)> sent;  // empty: it sends nothing
  Told told;                                       // the value, raw JSON
};

class OutsideCalls : public runtime::CallListener {
 public:
  OutsideCalls(Parts& parts, HostCalls& hostCalls) : parts_(parts), hostCalls_(hostCalls) {}

  void run(OutsideCall call);
  // Nobody waits any more: nothing is told.
  void cancel(const AttemptPtr& attempt);

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op,
              std::string_view arguments) override;
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q,
              std::span<const runtime::Send> sends) override;
  void onLog(runtime::CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(runtime::CallId call, const runtime::Done& done) override;
  void onFail(runtime::CallId call, const runtime::Failure& failure) override;
  void onLost(runtime::CallId call, const runtime::Loss& loss) override;

 private:
  void tryNow(const std::shared_ptr<OutsideCall>& call, base::Millis waited);
  void end(runtime::CallId call, base::Result<std::string> result);

  Parts& parts_;
  HostCalls& hostCalls_;
  std::unordered_map<runtime::CallId, std::shared_ptr<OutsideCall>> pending_;
};

}  // namespace patchbay::engine
