// A message in memory: what the queue keeps and the engine delivers.
//
// Payloads and scopes are shared and immutable: a fan-out of n messages holds one payload and one scope (R3). A message with id 0 is not
// stored: a tick, a start, a stop or a signal, which wakes an instance through the same lanes.
// Threads: built and changed on the engine loop only; payloads may be read anywhere.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/messages.h"

namespace patchbay::queue {

using store::MessageId;
using store::PayloadId;

struct Payload {
  PayloadId id = 0;
  std::string json;
};
using PayloadPtr = std::shared_ptr<const Payload>;

// The output of one component on the way to this message.
struct ScopeItem {
  std::string component;
  std::string port;
  PayloadPtr payload;
};
using Scope = std::vector<ScopeItem>;
using ScopePtr = std::shared_ptr<const Scope>;

enum class Wake : std::uint8_t { kPort, kWebhook, kTimeout, kTick, kStart, kStop, kSignal };

// What a message has that may be delivered before its commit, until it is stored or settled (decision 64).
struct Arrival {
  bool isLeaving = false;  // the commit that stores or settles it is on its way
  std::vector<std::function<void()>> waiting;  // for that commit
};

struct Message {
  MessageId id = 0;
  Wake wake = Wake::kPort;
  std::string flowId;
  std::string componentId;
  std::string port;        // in port, or "webhook", "timeout", "tick", "signal"
  std::string sourceId;    // who sent it; empty for webhooks and injected messages
  std::string sourcePort;
  std::string correlationId;
  PayloadPtr payload;
  ScopePtr scope;          // never null
  std::string extra;       // JSON object or empty: {headers, contentType, timeoutId, inPort}
  std::int64_t runId = 0;
  MessageId trace = 0;
  std::int64_t arrivedAt = 0;  // ms
  std::int64_t dueAt = 0;      // ms; 0 = ready
  std::int32_t attempts = 0;   // spent
  std::int32_t losses = 0;
  bool isEnded = false;        // claimed, and its call is over
  bool alone = false;          // next attempt in a process of its own
  std::shared_ptr<Arrival> arrival;  // null = it is stored, or has been

  // For start and stop: told once with how it went. Empty otherwise.
  std::function<void(base::Status)> finished;

  std::size_t bytes() const;  // rough, for the memory bound
};
using MessagePtr = std::shared_ptr<Message>;

// Its row, over the message's own text and `scope`, which is writeScope() of its scope.
store::NewMessage rowOf(const Message& message, std::string_view scope);

// The scope column: [[component, port, payloadId], …]. Frozen.
std::string writeScope(const Scope& scope);
std::vector<store::ScopeEntry> readScope(std::string_view json);

// The parent's scope plus the sender's own output; the last output of one (component, port) wins.
ScopePtr extendScope(const ScopePtr& scope, std::string_view component, std::string_view port, PayloadPtr payload);

// Message ids as people and components see them: UUIDs that hold the row id, made with a salt of this server.
class MessageNames {
 public:
  explicit MessageNames(std::uint64_t salt) : salt_(salt) {}
  std::string name(MessageId id) const;
  // 0 when the text is no name of this server's.
  MessageId id(std::string_view name) const;

 private:
  std::uint64_t salt_;
};

}  // namespace patchbay::queue
