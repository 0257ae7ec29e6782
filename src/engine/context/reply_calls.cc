#include "engine/context/reply_calls.h"

#include <algorithm>
#include <cctype>

#include "base/base64.h"
#include "base/json.h"
#include "webhooks/reply_desk.h"

namespace patchbay::engine {

namespace {

// A text is sent as it is, a buffer as its bytes, anything else as JSON.
std::string bodyText(const json::value* body) {
  if (body == nullptr) {
    return "{}";
  }
  if (body->is_string()) {
    return std::string(body->get_string());
  }
  if (const json::value* bytes = json::find(*body, "$bytes"); bytes != nullptr && bytes->is_string()) {
    return base::fromBase64(bytes->get_string()).value_or("");
  }
  return json::write(*body);
}

bool isHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

bool isToken(std::string_view name) {
  constexpr std::string_view kAllowed = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || kAllowed.find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void addHeaders(const json::object& headers, webhooks::Reply& reply) {
  for (const auto& [name, value] : headers) {
    const std::string text = value.is_string() ? std::string(value.get_string()) : json::write(value);
    const std::string key = lower(name);
    if (!isToken(name) || !isHeaderText(text) || key == "content-length" || key == "transfer-encoding" || key == "connection") {
      continue;  // ours to say
    }
    if (key == "content-type") {
      reply.contentType = text;
    } else {
      reply.headers.emplace_back(name, text);
    }
  }
}

void respond(Parts& parts, const queue::Message& message, const json::object& arguments) {
  webhooks::Reply reply;
  const std::int64_t status = json::getInt(arguments, "status").value_or(200);
  reply.status = status >= 200 && status <= 599 ? static_cast<int>(status) : 200;
  reply.body = bodyText(json::find(arguments, "body"));
  addHeaders(json::getObject(arguments, "headers"), reply);
  parts.replies.respond(json::getString(arguments, "correlationId", message.correlationId), std::move(reply));
}

}  // namespace

void addReplyCalls(HostCalls& calls, Parts& parts) {
  calls.add("response", [&parts](const json::object& arguments, Answer answer) {
    if (answer.attempt().writing == 0) {
      respond(parts, *answer.attempt().message, arguments);
      answer.ok();
      return;
    }
    // Whoever hears it and calls again must find what was written before it.
    parts.queue.enqueue({}, [](store::Transaction&) { return base::Status(); }, [&parts, arguments, answer](const base::Status&) {
      respond(parts, *answer.attempt().message, arguments);
      answer.ok();
    });
  });
}

void respond(Parts& parts, const queue::Message& message, std::string_view arguments) {
  if (const auto document = json::parse(arguments, "response", 512); document && document->is_object()) {
    respond(parts, message, document->get_object());
  }
}

}  // namespace patchbay::engine
