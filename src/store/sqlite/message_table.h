// messages and payloads: the hot path.
//
// Greatest ids must survive their rows, and an AUTOINCREMENT would rewrite its counter at every insert. So high_water holds a
// ceiling that is raised in blocks of 65536, by beforeCommit(), once every 65536 ids: no stored id is ever above it. After a
// restart ids go on from the ceiling; the gap costs nothing.
#pragma once

#include "store/messages.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteMessageTable final : public MessageTable {
 public:
  explicit SqliteMessageTable(Connection& connection) : connection_(connection) {}

  void insert(const NewMessage& message) override;
  void erase(MessageId id) override;
  void pass(MessageId id) override;
  bool reschedule(MessageId id, MessageState state, std::int64_t dueAt, std::int32_t attempts,
                  std::int32_t losses) override;
  void makeReady(MessageId id) override;
  void hasten(std::span<const MessageId> ids, std::int64_t dueAt) override;
  std::optional<MessageId> makeRetriesReady(std::string_view flowId, std::string_view componentId) override;
  std::optional<MessageRecord> byId(MessageId id) override;
  std::vector<MessageRecord> readyAfter(MessageId after, std::size_t limit) override;
  std::vector<MessageRecord> due(std::int64_t now, std::size_t limit) override;
  std::optional<std::int64_t> nextDue() override;
  std::vector<MessageId> ofFlow(std::string_view flowId) override;
  std::size_t eraseFlow(std::string_view flowId) override;
  void parkFlow(std::string_view flowId) override;
  std::optional<MessageId> unparkFlow(std::string_view flowId) override;
  std::vector<MessageRecord> parkedBefore(std::int64_t before, std::size_t limit) override;
  std::vector<MessageOutline> outlines() override;
  std::vector<WaitingOutline> untried() override;
  std::int64_t count() override;
  MessageId maxId() override;

  void insertPayload(PayloadId id, std::string_view json) override;
  std::optional<std::string> payload(PayloadId id) override;
  void erasePayloads(std::span<const PayloadId> ids) override;
  PayloadId maxPayloadId() override;
  std::vector<PayloadId> payloadIds() override;

  // Writer only. Before COMMIT, outside any savepoint: raises the ceilings when ids have passed them.
  void beforeCommit();
  // The transaction is gone: what beforeCommit wrote is too.
  void afterRollback();

 private:
  // One of the two id sequences.
  struct Sequence {
    const char* name;
    std::int64_t seen = 0;      // greatest id inserted or passed since start; never falls, not even by a rollback
    std::int64_t ceiling = -1;  // of high_water; -1 = not read yet
  };
  std::int64_t stored(const Sequence& sequence);
  std::int64_t greatest(const Sequence& sequence);
  void raise(Sequence& sequence);

  Connection& connection_;
  Sequence messageIds_{"message"};
  Sequence payloadIds_{"payload"};

#define PATCHBAY_MESSAGE_COLUMNS                                                                 \
  "id, kind, state, flow_id, component_id, port, source_id, source_port, correlation_id, payload, " \
  "scope, extra, run_id, trace, arrived_at, due_at, attempts, losses"
  Statement insert_{connection_,
                    "INSERT INTO messages(id, flow_hash, state, due_at, kind, attempts, losses, payload, run_id, "
                    "trace, arrived_at, flow_id, component_id, port, source_id, source_port, correlation_id, scope, "
                    "extra) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
  Statement erase_{connection_, "DELETE FROM messages WHERE id = ?"};
  Statement reschedule_{
      connection_, "UPDATE messages SET state = ?, due_at = ?, attempts = ?, losses = ? WHERE id = ?"};
  Statement makeReady_{connection_, "UPDATE messages SET state = 0, due_at = 0 WHERE id = ?"};
  Statement hasten_{connection_, "UPDATE messages SET due_at = ?1 WHERE id = ?2 AND state = 1 AND due_at > ?1"};
  Statement byId_{connection_, "SELECT " PATCHBAY_MESSAGE_COLUMNS " FROM messages WHERE id = ?"};
  Statement readyAfter_{connection_, "SELECT " PATCHBAY_MESSAGE_COLUMNS
                                     " FROM messages WHERE id > ? AND +state = 0 ORDER BY id LIMIT ?"};
  Statement due_{connection_, "SELECT " PATCHBAY_MESSAGE_COLUMNS
                              " FROM messages WHERE state = 1 AND due_at <= ? ORDER BY due_at, id LIMIT ?"};
  Statement parkedBefore_{connection_, "SELECT " PATCHBAY_MESSAGE_COLUMNS
                                       " FROM messages WHERE +state = 2 AND CASE kind WHEN 2 THEN max(due_at, arrived_at) ELSE arrived_at END < ? "
                                       "ORDER BY id LIMIT ?"};
#undef PATCHBAY_MESSAGE_COLUMNS
  Statement nextDue_{connection_, "SELECT due_at FROM messages WHERE state = 1 ORDER BY due_at LIMIT 1"};
  Statement ofFlow_{connection_, "SELECT id FROM messages WHERE flow_hash = ? AND flow_id = ? ORDER BY id"};
  Statement eraseFlow_{connection_, "DELETE FROM messages WHERE flow_hash = ? AND flow_id = ?"};
  Statement park_{connection_, "UPDATE messages SET state = 2 WHERE flow_hash = ? AND flow_id = ?"};
  Statement unpark_{connection_,
                    "UPDATE messages SET state = due_at > 0 WHERE flow_hash = ? AND flow_id = ? AND +state = 2 RETURNING id"};
  Statement makeRetriesReady_{connection_,
                              "UPDATE messages SET state = 0, due_at = 0 WHERE flow_hash = ?1 AND flow_id = ?2 AND +state = 1 "
                              "AND attempts > 0 AND (component_id = ?3 OR ?3 = '') RETURNING id"};
  Statement outlines_{connection_, "SELECT id, trace, state, flow_id, payload, scope FROM messages ORDER BY id"};
  Statement untried_{connection_,
                     "SELECT id, flow_id, component_id, due_at FROM messages WHERE state <> 0 AND due_at > 0 AND kind <> 2 AND attempts = 0 AND "
                     "losses = 0 ORDER BY id"};
  Statement count_{connection_, "SELECT count(*) FROM messages"};
  Statement insertPayload_{connection_, "INSERT INTO payloads(id, json) VALUES(?, ?)"};
  Statement payload_{connection_, "SELECT json FROM payloads WHERE id = ?"};
  Statement erasePayload_{connection_, "DELETE FROM payloads WHERE id = ?"};
  Statement listPayloads_{connection_, "SELECT id FROM payloads ORDER BY id"};
  Statement stored_{connection_, "SELECT value FROM high_water WHERE name = ?"};
  Statement raise_{connection_, "UPDATE high_water SET value = ? WHERE name = ?"};
};

}  // namespace patchbay::store::sqlite
