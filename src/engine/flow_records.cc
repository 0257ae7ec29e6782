#include "engine/flow_records.h"

#include "base/json.h"
#include "insights/flow_log.h"

namespace patchbay::engine {

namespace {

insights::LogRecord recordOf(const Attempt& attempt, std::int64_t time) {
  insights::LogRecord record;
  record.time = time;
  record.origin = attempt.node->origin;
  record.correlationId = attempt.message->correlationId;
  record.severity = "info";
  return record;
}

insights::LogOriginPtr originOf(const std::string& flowId, const std::string& userId, const std::string& componentId) {
  return std::make_shared<const insights::LogOrigin>(insights::LogOrigin{flowId, userId, componentId, "", ""});
}

// A component that is no longer in the flow is named without its type.
insights::LogOriginPtr senderOf(const Attempt& attempt) {
  const std::string& sender = attempt.message->sourceId;
  if (sender.empty()) {
    return nullptr;
  }
  const RunningNode* node = attempt.flow->find(sender);
  return node == nullptr ? originOf(attempt.flow->flowId, attempt.flow->userId, sender) : node->origin;
}

}  // namespace

FlowRecords::FlowRecords(insights::FlowLog& log, base::Clock& clock, const access::SystemConfiguration& configuration)
    : log_(log), clock_(clock), configuration_(configuration) {
  readLimits();
}

void FlowRecords::readLimits() {
  maxMessageBytes_ = configuration_.bytes("LOG_COMPONENT_MESSAGE_MAX_BYTES", 51'200);
  writesInputs_ = configuration_.flag("LOG_COMPONENT_INPUT_MESSAGES", true);
  writesOutputs_ = configuration_.flag("LOG_COMPONENT_OUTPUT_MESSAGES", true);
}

// Cut at the limit, on a character's border.
std::string_view FlowRecords::cut(std::string_view text) const {
  if (text.size() <= maxMessageBytes_) {
    return text;
  }
  std::size_t end = maxMessageBytes_;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

void FlowRecords::input(const Attempt& attempt) {
  if (!writesInputs_ || attempt.message->wake == queue::Wake::kTick) {
    return;  // a tick every minute of every trigger is noise
  }
  insights::LogRecord record = recordOf(attempt, base::toMillis(clock_.now()));
  record.type = "data";
  record.portType = "in";
  record.port = attempt.message->port;
  record.sender = senderOf(attempt);
  record.msg = cut(attempt.content);
  log_.append(std::move(record));
}

void FlowRecords::output(const Attempt& attempt, std::string_view port, std::string_view payload) {
  if (!writesOutputs_) {
    return;
  }
  insights::LogRecord record = recordOf(attempt, base::toMillis(clock_.now()));
  record.type = "data";
  record.portType = "out";
  record.port = port;
  record.msg = cut(payload);
  log_.append(std::move(record));
}

void FlowRecords::error(const Attempt& attempt, const Outcome& outcome) {
  insights::LogRecord record = recordOf(attempt, base::toMillis(clock_.now()));
  record.type = "error";
  record.severity = "error";
  record.msg = cut(outcome.err);
  log_.append(std::move(record));
}

void FlowRecords::ended(const Attempt& attempt, bool done) {
  const queue::Message& message = *attempt.message;
  if (message.id == 0) {
    return;  // a tick, start or stop
  }
  insights::CallRecord call;
  call.origin = attempt.node->origin;
  call.time = base::toMillis(clock_.now());
  call.bytes = attempt.content.size();
  if (attempt.calledAt != 0) {
    call.callMillis = call.time - attempt.calledAt;
  }
  if (done) {
    call.messageMillis = call.time - message.arrivedAt;
  }
  log_.count(std::move(call));
}

void FlowRecords::component(const Attempt& attempt, std::string_view level, std::string_view message, std::string_view data) {
  insights::LogRecord record = recordOf(attempt, base::toMillis(clock_.now()));
  record.type = "log";
  record.severity = level;
  std::string both;
  if (message.empty()) {
    record.msg = cut(data);
  } else if (data.empty()) {
    record.msg = cut(message);
  } else {
    both = "{\"message\":";
    json::writeString(message, both);
    both += ",\"data\":" + std::string(data) + "}";
    record.msg = cut(both);
  }
  log_.append(std::move(record));
}

void FlowRecords::flow(const std::string& flowId, const std::string& userId, std::string_view text) {
  insights::LogRecord record;
  record.time = base::toMillis(clock_.now());
  record.origin = originOf(flowId, userId, "");
  record.type = "flow";
  record.severity = "info";
  record.msg = text;
  log_.append(std::move(record));
}

void FlowRecords::flowError(const std::string& flowId, const std::string& userId, const std::string& componentId,
                            std::string_view text) {
  insights::LogRecord record;
  record.time = base::toMillis(clock_.now());
  record.origin = originOf(flowId, userId, componentId);
  record.type = "error";
  record.severity = "error";
  record.msg = cut(text);
  log_.append(std::move(record));
}

}  // namespace patchbay::engine
