// What the engine writes into flows' logs (R10; fields as rest-api §19.1).
//
// Threads: the engine loop. Never blocks: a record is copied into the log's queue.
#pragma once

#include <string>
#include <string_view>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "engine/attempt.h"
#include "engine/outcome.h"

namespace patchbay::insights {
class FlowLog;
}

namespace patchbay::engine {

class FlowRecords {
 public:
  FlowRecords(insights::FlowLog& log, base::Clock& clock, const access::SystemConfiguration& configuration);

  // `type` data: the mapped input before a call, the payload of a send.
  void input(const Attempt& attempt);
  void output(const Attempt& attempt, std::string_view port, std::string_view payload);
  void error(const Attempt& attempt, const Outcome& outcome);
  // context.log and what the worker reports of a call.
  void component(const Attempt& attempt, std::string_view level, std::string_view message, std::string_view data);
  // For the statistics of messages: the end of an attempt of a stored one.
  void ended(const Attempt& attempt, bool done);
  // "Flow started.", "Flow stopped." (exact texts: clients look for them), "Flow updated."
  void flow(const std::string& flowId, const std::string& userId, std::string_view text);
  void flowError(const std::string& flowId, const std::string& userId, const std::string& componentId, std::string_view text);

  // After the configuration changed: LOG_COMPONENT_MESSAGE_MAX_BYTES, LOG_COMPONENT_INPUT_MESSAGES,
  // LOG_COMPONENT_OUTPUT_MESSAGES.
  void readLimits();

 private:
  std::string_view cut(std::string_view text) const;

  insights::FlowLog& log_;
  base::Clock& clock_;
  const access::SystemConfiguration& configuration_;
  std::size_t maxMessageBytes_ = 51'200;
  bool writesInputs_ = true;
  bool writesOutputs_ = true;
};

}  // namespace patchbay::engine
