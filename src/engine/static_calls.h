// Static calls: a component's `receive` once, outside any flow, for forms and variable lists (rest-api §7.9, connector-format §9.1).
//
// No queue row, no state, no log record, and no host call that acts on a flow; what it sends is collected and answered. The account is that of
// the component whose field asks, given to code of its own service only. Threads: run from any thread, `told` on the engine loop, exactly once. Errors: kNotFound (component), kInvalid (the
// component's own message, with its data), kComponentBroken, kDeadline, kWorkerLost, kUnavailable (too many at once).
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "engine/attempt.h"
#include "engine/context/host_calls.h"
#include "engine/parts.h"

namespace patchbay::engine {

struct StaticCall {
  std::string type;         // vendor.service.module.Component
  std::string userId;       // whose data stores and files it sees
  std::string flowId;       // the flow of the component that asks, "" = none that is saved
  std::string componentId;  // the component that asks, "" = none
  std::string outPort;      // "" = the first one
  std::string properties;   // JSON object
  std::string messages;     // JSON object: port → content
  std::string transform;    // "./file#function", "" = none
};

class StaticCalls : public runtime::CallListener {
 public:
  using Told = std::function<void(base::Result<std::string>)>;  // raw JSON

  StaticCalls(Parts& parts, HostCalls& hostCalls) : parts_(parts), hostCalls_(hostCalls) {}
  void run(StaticCall call, Told told);

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view arguments) override;
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q, std::span<const runtime::Send> sends) override;
  void onLog(runtime::CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(runtime::CallId call, const runtime::Done& done) override;
  void onFail(runtime::CallId call, const runtime::Failure& failure) override;
  void onLost(runtime::CallId call, const runtime::Loss& loss) override;

 private:
  struct Pending {
    AttemptPtr attempt;
    Told told;
  };
  void runOnLoop(const StaticCall& call, Told told, base::Millis waited);
  base::Result<AttemptPtr> makeAttempt(const StaticCall& call) const;
  base::Result<std::string> members(const StaticCall& call, const Attempt& attempt) const;
  void end(runtime::CallId call, base::Result<std::string> result);

  Parts& parts_;
  HostCalls& hostCalls_;
  std::unordered_map<runtime::CallId, Pending> pending_;
};

}  // namespace patchbay::engine
