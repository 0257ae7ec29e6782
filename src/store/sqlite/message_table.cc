#include "store/sqlite/message_table.h"

namespace patchbay::store::sqlite {

namespace {

constexpr std::int64_t kBlock = 65536;  // ids reserved at a time

// FNV-1a, 64 bit. On disk (messages.flow_hash): frozen.
std::int64_t flowHash(std::string_view flowId) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : flowId) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return static_cast<std::int64_t>(hash);
}

MessageRecord messageOf(const Query& row) {
  MessageRecord message;
  message.id = row.integer(0);
  message.kind = static_cast<MessageKind>(row.integer(1));
  message.state = static_cast<MessageState>(row.integer(2));
  message.flowId = row.text(3);
  message.componentId = row.text(4);
  message.port = row.text(5);
  message.sourceId = row.text(6);
  message.sourcePort = row.text(7);
  message.correlationId = row.text(8);
  message.payload = row.integer(9);
  message.scope = row.text(10);
  message.extra = row.text(11);
  message.runId = row.integer(12);
  message.trace = row.integer(13);
  message.arrivedAt = row.integer(14);
  message.dueAt = row.integer(15);
  message.attempts = static_cast<std::int32_t>(row.integer(16));
  message.losses = static_cast<std::int32_t>(row.integer(17));
  return message;
}

std::vector<MessageRecord> messagesOf(Query& query) {
  std::vector<MessageRecord> messages;
  while (query.next()) {
    messages.push_back(messageOf(query));
  }
  return messages;
}

std::vector<std::int64_t> idsOf(Query& query) {
  std::vector<std::int64_t> ids;
  while (query.next()) {
    ids.push_back(query.integer(0));
  }
  return ids;
}

std::optional<MessageId> smallestOf(Query& query) {
  std::optional<MessageId> smallest;
  while (query.next()) {
    smallest = std::min(smallest.value_or(query.integer(0)), query.integer(0));
  }
  return smallest;
}

}  // namespace

void SqliteMessageTable::insert(const NewMessage& message) {
  Query(insert_)
      .bind(message.id)
      .bind(flowHash(message.flowId))
      .bind(static_cast<int>(message.state))
      .bind(message.dueAt)
      .bind(static_cast<int>(message.kind))
      .bind(message.attempts)
      .bind(message.losses)
      .bind(message.payload)
      .bind(message.runId)
      .bind(message.trace)
      .bind(message.arrivedAt)
      .bind(message.flowId)
      .bind(message.componentId)
      .bind(message.port)
      .bind(message.sourceId)
      .bind(message.sourcePort)
      .bind(message.correlationId)
      .bind(message.scope)
      .bind(message.extra)
      .run();
  messageIds_.seen = std::max(messageIds_.seen, message.id);
}

void SqliteMessageTable::pass(MessageId id) { messageIds_.seen = std::max(messageIds_.seen, id); }

void SqliteMessageTable::erase(MessageId id) { Query(erase_).bind(id).run(); }

bool SqliteMessageTable::reschedule(MessageId id, MessageState state, std::int64_t dueAt,
                                    std::int32_t attempts, std::int32_t losses) {
  Query(reschedule_).bind(static_cast<int>(state)).bind(dueAt).bind(attempts).bind(losses).bind(id).run();
  return connection_.changes() > 0;
}

void SqliteMessageTable::makeReady(MessageId id) { Query(makeReady_).bind(id).run(); }

void SqliteMessageTable::hasten(std::span<const MessageId> ids, std::int64_t dueAt) {
  for (const MessageId id : ids) {
    Query(hasten_).bind(dueAt).bind(id).run();
  }
}

std::optional<MessageRecord> SqliteMessageTable::byId(MessageId id) {
  Query query(byId_);
  query.bind(id);
  return query.next() ? std::optional(messageOf(query)) : std::nullopt;
}

std::vector<MessageRecord> SqliteMessageTable::readyAfter(MessageId after, std::size_t limit) {
  Query query(readyAfter_);
  return messagesOf(query.bind(after).bind(limit));
}

std::vector<MessageRecord> SqliteMessageTable::due(std::int64_t now, std::size_t limit) {
  Query query(due_);
  return messagesOf(query.bind(now).bind(limit));
}

std::optional<std::int64_t> SqliteMessageTable::nextDue() {
  Query query(nextDue_);
  return query.next() ? std::optional(query.integer(0)) : std::nullopt;
}

std::vector<MessageId> SqliteMessageTable::ofFlow(std::string_view flowId) {
  Query query(ofFlow_);
  return idsOf(query.bind(flowHash(flowId)).bind(flowId));
}

std::size_t SqliteMessageTable::eraseFlow(std::string_view flowId) {
  Query(eraseFlow_).bind(flowHash(flowId)).bind(flowId).run();
  return static_cast<std::size_t>(connection_.changes());
}

void SqliteMessageTable::parkFlow(std::string_view flowId) { Query(park_).bind(flowHash(flowId)).bind(flowId).run(); }

std::optional<MessageId> SqliteMessageTable::unparkFlow(std::string_view flowId) {
  Query query(unpark_);
  return smallestOf(query.bind(flowHash(flowId)).bind(flowId));
}

std::optional<MessageId> SqliteMessageTable::makeRetriesReady(std::string_view flowId, std::string_view componentId) {
  Query query(makeRetriesReady_);
  return smallestOf(query.bind(flowHash(flowId)).bind(flowId).bind(componentId));
}

std::vector<MessageRecord> SqliteMessageTable::parkedBefore(std::int64_t before, std::size_t limit) {
  Query query(parkedBefore_);
  return messagesOf(query.bind(before).bind(limit));
}

std::vector<MessageOutline> SqliteMessageTable::outlines() {
  Query query(outlines_);
  std::vector<MessageOutline> outlines;
  while (query.next()) {
    MessageOutline& outline = outlines.emplace_back();
    outline.id = query.integer(0);
    outline.trace = query.integer(1);
    outline.state = static_cast<MessageState>(query.integer(2));
    outline.flowId = query.text(3);
    outline.payload = query.integer(4);
    outline.scope = query.text(5);
  }
  return outlines;
}

std::vector<WaitingOutline> SqliteMessageTable::untried() {
  Query query(untried_);
  std::vector<WaitingOutline> waiting;
  while (query.next()) {
    waiting.push_back({query.integer(0), query.text(1), query.text(2), query.integer(3)});
  }
  return waiting;
}

std::int64_t SqliteMessageTable::count() {
  Query query(count_);
  return query.next() ? query.integer(0) : 0;
}

MessageId SqliteMessageTable::maxId() { return greatest(messageIds_); }

void SqliteMessageTable::insertPayload(PayloadId id, std::string_view json) {
  Query(insertPayload_).bind(id).bind(json).run();
  payloadIds_.seen = std::max(payloadIds_.seen, id);
}

std::optional<std::string> SqliteMessageTable::payload(PayloadId id) {
  Query query(payload_);
  query.bind(id);
  return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

void SqliteMessageTable::erasePayloads(std::span<const PayloadId> ids) {
  for (const PayloadId id : ids) {
    Query(erasePayload_).bind(id).run();
  }
}

PayloadId SqliteMessageTable::maxPayloadId() { return greatest(payloadIds_); }

std::vector<PayloadId> SqliteMessageTable::payloadIds() {
  Query query(listPayloads_);
  return idsOf(query);
}

std::int64_t SqliteMessageTable::stored(const Sequence& sequence) {
  Query query(stored_);
  query.bind(std::string_view(sequence.name));
  return query.next() ? query.integer(0) : 0;
}

std::int64_t SqliteMessageTable::greatest(const Sequence& sequence) {
  return std::max(sequence.seen, stored(sequence));
}

void SqliteMessageTable::raise(Sequence& sequence) {
  if (sequence.ceiling < 0) {
    sequence.ceiling = stored(sequence);
  }
  if (sequence.seen + kIdsAhead > sequence.ceiling) {
    const std::int64_t ceiling = sequence.seen + kBlock;
    Query(raise_).bind(ceiling).bind(std::string_view(sequence.name)).run();
    sequence.ceiling = ceiling;
  }
}

void SqliteMessageTable::beforeCommit() {
  raise(messageIds_);
  raise(payloadIds_);
}

void SqliteMessageTable::afterRollback() {
  messageIds_.ceiling = -1;
  payloadIds_.ceiling = -1;
}

}  // namespace patchbay::store::sqlite
