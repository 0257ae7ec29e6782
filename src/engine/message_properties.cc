#include "engine/message_properties.h"

#include "base/json.h"

namespace patchbay::engine {

namespace {

void text(std::string& out, std::string_view name, std::string_view value) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += name;
  out += "\":";
  json::writeString(value, out);
}

}  // namespace

std::string messageProperties(const queue::Message& message, const std::string& messageId,
                              const std::string& sourceType) {
  std::string out = "{";
  text(out, "correlationId", message.correlationId);
  out += ",\"gridInstanceId\":null";
  text(out, "contentType", "application/json");
  text(out, "contentEncoding", "utf8");
  if (!message.sourceId.empty()) {
    out += ",\"sender\":{";
    text(out, "componentId", message.sourceId);
    text(out, "type", sourceType);
    text(out, "outputPort", message.sourcePort);
    out += "}";
  }
  out += ",\"destination\":{";
  text(out, "componentId", message.componentId);
  text(out, "inputPort", message.port);
  out += "},\"correlationInPort\":null,\"componentHeaders\":{}";
  text(out, "flowId", message.flowId);
  text(out, "messageId", messageId);
  out += ",\"flowRunId\":" + std::to_string(message.runId) + "}";
  return out;
}

}  // namespace patchbay::engine
