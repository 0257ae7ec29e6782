#include "engine/message_properties.h"

#include "base/json.h"

namespace patchbay::engine {

std::string messageProperties(const queue::Message& message, const std::string& messageId,
                              const std::string& sourceType) {
  std::string out = "{";
  json::addText(out, "correlationId", message.correlationId);
  out += ",\"gridInstanceId\":null";
  json::addText(out, "contentType", "application/json");
  json::addText(out, "contentEncoding", "utf8");
  if (!message.sourceId.empty()) {
    out += ",\"sender\":{";
    json::addText(out, "componentId", message.sourceId);
    json::addText(out, "type", sourceType);
    json::addText(out, "outputPort", message.sourcePort);
    out += "}";
  }
  out += ",\"destination\":{";
  json::addText(out, "componentId", message.componentId);
  json::addText(out, "inputPort", message.port);
  out += "},\"correlationInPort\":null,\"componentHeaders\":{}";
  json::addText(out, "flowId", message.flowId);
  json::addText(out, "messageId", messageId);
  out += ",\"flowRunId\":" + std::to_string(message.runId) + "}";
  return out;
}

}  // namespace patchbay::engine
