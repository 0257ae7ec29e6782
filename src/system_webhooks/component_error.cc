#include "system_webhooks/component_error.h"

#include "base/json.h"

namespace patchbay::system_webhooks {

namespace {

// On a character's border.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) {
    --limit;
  }
  return text.substr(0, limit);
}

void raw(std::string& out, std::string_view name, std::string_view json) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += name;
  out += "\":";
  out += json;
}

void text(std::string& out, std::string_view name, std::string_view value) {
  std::string written;
  json::writeString(value, written);
  raw(out, name, written);
}

// `message`, `name`, `code` and `stack` are always there.
std::string errOf(const ComponentError& error, std::size_t limit) {
  json::object err;
  if (error.err.size() <= limit) {
    if (auto parsed = json::parse(error.err, "err"); parsed && parsed->is_object()) {
      err = std::move(parsed->get_object());
    }
  }
  const std::string message(cut(error.message, limit));
  const auto complete = [&err](std::string_view name, std::string_view value) {
    if (json::find(err, name) == nullptr) {
      err[name] = value;
    }
  };
  complete("message", message);
  complete("name", error.name);
  complete("code", error.code);
  complete("stack", std::string(error.name) + ": " + message);
  return json::write(err);
}

}  // namespace

Event componentError(const ComponentError& error, std::size_t limit) {
  std::string out = "{";
  raw(out, "err", errOf(error, limit));
  text(out, "type", error.type);
  text(out, "flowId", error.flowId);
  text(out, "flowName", error.flowName);
  text(out, "userId", error.userId);
  text(out, "componentId", error.componentId);
  text(out, "componentType", error.componentType);
  if (!error.inPort.empty()) {
    std::string message = "{";
    raw(message, "properties", error.inputProperties);
    if (error.inputContent.size() <= limit) {
      raw(message, "content", error.inputContent.empty() ? "{}" : error.inputContent);
    } else {
      text(message, "content", cut(error.inputContent, limit));
    }
    std::string ports = "{";
    raw(ports, std::string(error.inPort), "[" + message + "}]");
    raw(out, "inputMessages", ports + "}");
  }
  if (error.accountId.empty()) {
    raw(out, "accessTokenId", "null");
  } else {
    text(out, "accessTokenId", error.accountId);
  }
  text(out, "connector", error.connector);
  if (!error.cause.empty()) {
    text(out, "cause", error.cause);
  }
  return {std::string(kComponentErrorKey), out + "}", std::string(error.flowId)};
}

}  // namespace patchbay::system_webhooks
