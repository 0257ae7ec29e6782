#include "queue/message.h"

#include <array>

#include "base/json.h"
#include "base/random.h"

namespace patchbay::queue {

std::size_t Message::bytes() const {
  std::size_t sum = 512 + flowId.size() + componentId.size() + extra.size();
  if (payload != nullptr) {
    sum += payload->json.size();
  }
  return sum;
}

namespace {

store::MessageKind kindOf(Wake wake) {
  switch (wake) {
    case Wake::kWebhook: return store::MessageKind::kWebhook;
    case Wake::kTimeout: return store::MessageKind::kTimeout;
    default: return store::MessageKind::kPort;
  }
}

}  // namespace

store::NewMessage rowOf(const Message& message, std::string_view scope) {
  store::NewMessage row;
  row.id = message.id;
  row.kind = kindOf(message.wake);
  row.state = message.dueAt > 0 ? store::MessageState::kScheduled : store::MessageState::kReady;
  row.flowId = message.flowId;
  row.componentId = message.componentId;
  row.port = message.port;
  row.sourceId = message.sourceId;
  row.sourcePort = message.sourcePort;
  row.correlationId = message.correlationId;
  row.payload = message.payload == nullptr ? 0 : message.payload->id;
  row.scope = scope;
  row.extra = message.extra;
  row.runId = message.runId;
  row.trace = message.trace;
  row.arrivedAt = message.arrivedAt;
  row.dueAt = message.dueAt;
  row.attempts = message.attempts;
  row.losses = message.losses;
  return row;
}

std::string writeScope(const Scope& scope) {
  std::string out;
  out.reserve(16 + scope.size() * 64);
  out.push_back('[');
  for (const ScopeItem& item : scope) {
    if (out.size() > 1) {
      out.push_back(',');
    }
    out.push_back('[');
    json::writeString(item.component, out);
    out.push_back(',');
    json::writeString(item.port, out);
    out.push_back(',');
    out += std::to_string(item.payload->id);
    out.push_back(']');
  }
  out.push_back(']');
  return out;
}

std::vector<store::ScopeEntry> readScope(std::string_view text) {
  std::vector<store::ScopeEntry> entries;
  const json::value document = json::parseOwn(text);
  for (const json::value& row : document.as_array()) {
    const json::array& cells = row.as_array();
    entries.push_back({std::string(cells.at(0).as_string()), std::string(cells.at(1).as_string()),
                       cells.at(2).to_number<PayloadId>()});
  }
  return entries;
}

ScopePtr extendScope(const ScopePtr& scope, std::string_view component, std::string_view port,
                     PayloadPtr payload) {
  auto extended = std::make_shared<Scope>();
  extended->reserve(scope->size() + 1);
  for (const ScopeItem& item : *scope) {
    if (item.component != component || item.port != port) {
      extended->push_back(item);
    }
  }
  extended->push_back({std::string(component), std::string(port), std::move(payload)});
  return extended;
}

namespace {
constexpr std::uint64_t kIdMask = (std::uint64_t{1} << 62) - 1;
}  // namespace

std::string MessageNames::name(MessageId id) const {
  std::array<std::uint8_t, 16> bytes{};
  const auto number = static_cast<std::uint64_t>(id);
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(salt_ >> (56 - 8 * i));
    bytes[8 + i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  return base::formatUuid(bytes);
}

MessageId MessageNames::id(std::string_view text) const {
  if (!base::isUuid(text)) {
    return 0;
  }
  std::uint64_t number = 0;
  for (const char c : text.substr(19)) {
    if (c != '-') {
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      number = (number << 4) | static_cast<std::uint64_t>(digit);
    }
  }
  const auto id = static_cast<MessageId>(number & kIdMask);
  return name(id) == text ? id : 0;
}

}  // namespace patchbay::queue
