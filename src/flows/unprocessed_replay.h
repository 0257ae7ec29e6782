// Puts an unprocessed message back into its component's queue (rest-api §21). The engine implements
// it.
//
// Threads: safe from any thread, returns at once; `told` is called exactly once, usually on the
// engine loop, and must not block. Delivery: the queued messages and the removal of the entry are
// one transaction; they carry the flow's current run id (R5). Errors: kNotFound (no such entry),
// kConflict (its flow does not run, or its component is gone),
// kUnavailable (the queue is at its limit); the entry stays.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace patchbay::flows {

class UnprocessedReplay {
 public:
  virtual ~UnprocessedReplay() = default;
  virtual void retry(const std::string& messageId, std::function<void(base::Status)> told) = 0;
};

}  // namespace patchbay::flows
