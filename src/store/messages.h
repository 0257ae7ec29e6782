// Messages, and the payloads they name (R3). The state machine is docs/message_states.md.
//
// Ids are given by the caller, who owns the counters (seeded by maxId at start), so that a row's identity is known before its commit.
// `claimed` is not a stored state: who works on a row is known to the one engine that has the database open; a claim of a dead
// engine is thereby ready again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

using MessageId = std::int64_t;
using PayloadId = std::int64_t;

// Values are on disk: frozen.
enum class MessageState : std::uint8_t { kReady = 0, kScheduled = 1, kParked = 2 };
enum class MessageKind : std::uint8_t { kPort = 0, kWebhook = 1, kTimeout = 2 };

struct ScopeEntry {
  std::string component;
  std::string port;
  PayloadId payload = 0;
};

struct MessageRecord {
  MessageId id = 0;
  MessageKind kind = MessageKind::kPort;
  MessageState state = MessageState::kReady;
  std::string flowId;
  std::string componentId;   // destination
  std::string port;          // in port, or "webhook", "timeout"
  std::string sourceId;      // component that sent it; empty for webhooks
  std::string sourcePort;
  std::string correlationId;
  PayloadId payload = 0;
  std::string scope;         // JSON: [[component, port, payloadId], …]; the store never reads it
  std::string extra;         // JSON or empty: {headers, timeoutId, inPort, …}
  std::int64_t runId = 0;
  MessageId trace = 0;       // id of the message the trace began with
  std::int64_t arrivedAt = 0;  // ms
  std::int64_t dueAt = 0;      // ms, kScheduled only
  std::int32_t attempts = 0;   // spent
  std::int32_t losses = 0;     // deadlines and lost workers with this one call in flight (R7)
};

// A row to insert, over text that somebody else owns and keeps until the insert returns.
struct NewMessage {
  NewMessage() = default;
  NewMessage(const MessageRecord& record);  // by intention not explicit: a record is one

  MessageId id = 0;
  MessageKind kind = MessageKind::kPort;
  MessageState state = MessageState::kReady;
  std::string_view flowId, componentId, port, sourceId, sourcePort, correlationId;
  PayloadId payload = 0;
  std::string_view scope, extra;
  std::int64_t runId = 0;
  MessageId trace = 0;
  std::int64_t arrivedAt = 0, dueAt = 0;
  std::int32_t attempts = 0, losses = 0;
};

// What the start of the engine needs of every row.
struct MessageOutline {
  MessageId id = 0;
  MessageId trace = 0;
  MessageState state = MessageState::kReady;
  std::string flowId;
  PayloadId payload = 0;
  std::string scope;
};

// A message that is scheduled, or was when it was parked, and that no attempt has been spent on:
// it waits for its quota, its lock or its mapper.
struct WaitingOutline {
  MessageId id = 0;
  std::string flowId;
  std::string componentId;
  std::int64_t dueAt = 0;
};

// So many ids beyond the last one that a commit inserts or passes are reserved on disk by that commit: a restart does not give them again.
inline constexpr MessageId kIdsAhead = 30'000;

class MessageTable {
 public:
  virtual ~MessageTable() = default;
  virtual void insert(const NewMessage& message) = 0;
  virtual void erase(MessageId id) = 0;  // settled
  virtual void pass(MessageId id) = 0;   // settled before it was inserted: its id is used up all the same
  // A failed attempt or a wait: new state, due time, counts. False when the row is gone.
  virtual bool reschedule(MessageId id, MessageState state, std::int64_t dueAt, std::int32_t attempts,
                          std::int32_t losses) = 0;
  virtual void makeReady(MessageId id) = 0;
  // Those that are scheduled for later are due at `dueAt`.
  virtual void hasten(std::span<const MessageId> ids, std::int64_t dueAt) = 0;
  // What waits for another attempt of this component (empty: of any component of the flow) becomes ready, timeouts stay as they are.
  // The smallest id of them.
  virtual std::optional<MessageId> makeRetriesReady(std::string_view flowId, std::string_view componentId) = 0;
  virtual std::optional<MessageRecord> byId(MessageId id) = 0;
  virtual std::vector<MessageRecord> readyAfter(MessageId after, std::size_t limit) = 0;  // by id
  virtual std::vector<MessageRecord> due(std::int64_t now, std::size_t limit) = 0;        // by due time
  virtual std::optional<std::int64_t> nextDue() = 0;
  virtual std::vector<MessageId> ofFlow(std::string_view flowId) = 0;
  virtual std::size_t eraseFlow(std::string_view flowId) = 0;                    // all rows of a flow
  virtual void parkFlow(std::string_view flowId) = 0;                            // ready, scheduled → parked
  virtual std::optional<MessageId> unparkFlow(std::string_view flowId) = 0;      // parked → as before; the smallest id
  // Parked ones that arrived (timeouts: were due) before `before`, by id.
  virtual std::vector<MessageRecord> parkedBefore(std::int64_t before, std::size_t limit) = 0;
  virtual std::vector<MessageOutline> outlines() = 0;                            // every row, by id
  virtual std::vector<WaitingOutline> untried() = 0;                             // without timeouts, by id
  virtual std::int64_t count() = 0;
  // Not less than any id ever stored or passed, nor than the 30,000 after it: those may have been told to somebody before their commit.
  // 0 before the first commit of all.
  virtual MessageId maxId() = 0;

  virtual void insertPayload(PayloadId id, std::string_view json) = 0;
  virtual std::optional<std::string> payload(PayloadId id) = 0;
  virtual void erasePayloads(std::span<const PayloadId> ids) = 0;
  virtual PayloadId maxPayloadId() = 0;  // as maxId
  virtual std::vector<PayloadId> payloadIds() = 0;  // every row's id; for the sweep at start
};

}  // namespace patchbay::store
