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

  // Both hold copies of payload and scope: they outlive their trace.
  store::UnprocessedRecord make(const queue::Message& message, const RunningFlow& flow, const std::string& componentType,
                                const std::string& content, const Outcome& outcome) const;
  // Of a flow that does not run: its document says whose it is. Reads the store.
  store::UnprocessedRecord makeParked(const queue::Message& message, const Outcome& outcome) const;
  // Queued again with the flow's current run id; the entry goes in the same commit.
  void retry(const std::string& messageId, std::function<void(base::Status)> told);

 private:
  // Whose message it is, and the types of the components at both ends, as far as the flow still has them.
  struct Ends {
    std::string userId, componentType, senderType;
  };
  store::UnprocessedRecord record(const queue::Message& message, const Ends& ends, const std::string& content,
                                  const Outcome& outcome) const;

  Parts& parts_;
  FlowDirectory& flows_;
};

}  // namespace patchbay::engine
