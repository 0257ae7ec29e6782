#include "stored_rows.h"

#include "base/json.h"
#include "store/flows.h"
#include "store/messages.h"
#include "store/unprocessed.h"

namespace patchbay::simulate {

std::optional<std::string> storedStage(store::Store& store, const std::string& flowId) {
  std::string stage;
  const base::Status read = store.read([&](store::Transaction& tx) {
    const auto record = tx.flows().byId(flowId);
    stage = record ? record->stage : "gone";
  });
  return read ? std::optional(stage) : std::nullopt;
}

std::optional<QueueRows> queueRows(store::Store& store) {
  QueueRows rows;
  const base::Status read = store.read([&](store::Transaction& tx) {
    rows.messages = tx.messages().count();
    rows.payloads = tx.messages().payloadIds().size();
  });
  return read ? std::optional(rows) : std::nullopt;
}

std::vector<Ledger::DeadLetter> deadLetters(store::Store& store, std::vector<std::string>* names) {
  std::vector<Ledger::DeadLetter> letters;
  const base::Status read = store.read([&](store::Transaction& tx) {
    for (const store::UnprocessedRecord& record : tx.unprocessed().list("", "", "", 0, 10'000)) {
      const json::value document = json::parseOwn(record.document);
      const json::object& ports = json::getObject(document.as_object(), "messages");
      const json::object& message = ports.begin()->value().as_array().at(0).as_object();
      const json::object& content = json::getObject(message, "originalContent");
      const std::string id = json::getString(content, "id");
      letters.push_back(
          {record.flowId, record.componentId,
           id.empty() ? json::getString(json::getObject(content, "data"), "id") : id});
      if (names != nullptr) {
        names->push_back(record.messageId);
      }
    }
  });
  return letters;
}

}  // namespace patchbay::simulate
