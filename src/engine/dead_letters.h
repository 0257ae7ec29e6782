// Unprocessed messages: made from a message that failed for good, and put back by a person (rest-api §21).
//
// Threads: the engine loop.
#pragma once

#include <functional>
#include <string>

#include "engine/attempt.h"
#include "engine/flow_directory.h"
#include "engine/outcome.h"
#include "engine/parts.h"
#include "store/unprocessed.h"

namespace patchbay::engine {

class DeadLetters {
 public:
  DeadLetters(Parts& parts, FlowDirectory& flows) : parts_(parts), flows_(flows) {}

  // Holds copies of payload and scope: it outlives its trace.
  store::UnprocessedRecord make(const queue::Message& message, const RunningFlow& flow, const std::string& componentType,
                                const std::string& content, const Outcome& outcome) const;
  // Queued again with the flow's current run id; the entry goes in the same commit.
  void retry(const std::string& messageId, std::function<void(base::Status)> told);

 private:
  Parts& parts_;
  FlowDirectory& flows_;
};

}  // namespace patchbay::engine
