#include "queue/stored_messages.h"

#include <array>
#include <unordered_map>

#include "base/log.h"
#include "base/random.h"
#include "store/settings.h"

namespace patchbay::queue {

void insertEmission(store::Transaction& tx, const Emission& emission) {
  for (const PayloadPtr& payload : emission.payloads) {
    tx.messages().insertPayload(payload->id, payload->json);
  }
  for (const MessagePtr& message : emission.messages) {
    tx.messages().insert(rowOf(*message, writeScope(*message->scope)));
  }
}

namespace {

Wake wakeOf(store::MessageKind kind) {
  switch (kind) {
    case store::MessageKind::kWebhook: return Wake::kWebhook;
    case store::MessageKind::kTimeout: return Wake::kTimeout;
    case store::MessageKind::kPort: break;
  }
  return Wake::kPort;
}

MessagePtr fromRecord(const store::MessageRecord& record) {
  auto message = std::make_shared<Message>();
  message->id = record.id;
  message->wake = wakeOf(record.kind);
  message->flowId = record.flowId;
  message->componentId = record.componentId;
  message->port = record.port;
  message->sourceId = record.sourceId;
  message->sourcePort = record.sourcePort;
  message->correlationId = record.correlationId;
  message->extra = record.extra;
  message->runId = record.runId;
  message->trace = record.trace;
  message->arrivedAt = record.arrivedAt;
  message->attempts = record.attempts;
  message->losses = record.losses;
  message->alone = record.losses > 0;
  return message;
}

// Payloads read once each, shared by the messages that name them.
class PayloadReader {
 public:
  explicit PayloadReader(store::MessageTable& table) : table_(table) {}
  PayloadPtr read(PayloadId id) {
    PayloadPtr& payload = read_[id];
    if (payload == nullptr) {
      payload = std::make_shared<const Payload>(Payload{id, table_.payload(id).value_or("null")});
    }
    return payload;
  }

 private:
  store::MessageTable& table_;
  std::unordered_map<PayloadId, PayloadPtr> read_;
};

}  // namespace

std::vector<MessagePtr> loadMessages(store::Transaction& tx, const std::vector<store::MessageRecord>& records) {
  std::vector<MessagePtr> messages;
  PayloadReader reader(tx.messages());
  for (const store::MessageRecord& record : records) {
    MessagePtr message = fromRecord(record);
    if (record.payload != 0) {
      message->payload = reader.read(record.payload);
    }
    auto scope = std::make_shared<Scope>();
    for (const store::ScopeEntry& entry : readScope(record.scope)) {
      scope->push_back({entry.component, entry.port, reader.read(entry.payload)});
    }
    message->scope = std::move(scope);
    messages.push_back(std::move(message));
  }
  return messages;
}

base::Result<std::uint64_t> readNameSalt(store::Store& store) {
  std::string text;
  base::Status status = store.read([&](store::Transaction& tx) {
    text = tx.settings().get("server", "messageSalt").value_or("");
  });
  if (!status) {
    return status.error();
  }
  if (text.empty()) {
    std::array<std::uint8_t, 8> bytes{};
    base::SystemRandom().fill(bytes);
    text = "\"" + base::toHex(bytes) + "\"";
    status = store.write([&](store::Transaction& tx) {
      tx.settings().put("server", "messageSalt", text);
      return base::Status();
    });
    if (!status) {
      return status.error();
    }
  }
  return std::stoull(text.substr(1, 16), nullptr, 16);
}

}  // namespace patchbay::queue
