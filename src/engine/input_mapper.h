// Computes the input of a component from payload, scope and the flow as it is now (flow-format §3, R4): in C++ where the transform is
// native, else in a mapper process.
//
// Threads: the engine loop. `told` is called once, at once when the mapping is native.
// Errors: kWorkerLost (mapper lost: no attempt spent), kDeadline (mapping too slow), kInvalid (malformed transform).
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "engine/parts.h"
#include "engine/running_flow.h"
#include "queue/message.h"

namespace patchbay::engine {

class InputMapper {
 public:
  using Told = std::function<void(base::Result<std::string>)>;  // content, JSON

  explicit InputMapper(Parts& parts) : parts_(parts) {}

  void map(const std::shared_ptr<RunningFlow>& flow, const RunningNode& node, const queue::Message& message, Told told);
  // config.properties with their modifiers, without message data; once per start.
  void properties(const std::shared_ptr<RunningFlow>& flow, const RunningNode& node, std::int64_t startedAt, Told told);

 private:
  std::string environment(const RunningFlow& flow, const RunningNode& node, std::string_view messageId, std::int64_t arrivedAt) const;
  void mapInProcess(std::string members, Told told);

  Parts& parts_;
};

}  // namespace patchbay::engine
