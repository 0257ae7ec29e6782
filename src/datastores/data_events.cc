#include "datastores/data_events.h"

#include "base/json.h"

namespace patchbay::datastores {

namespace {

bool wants(const store::DataListenerRecord& listener, std::string_view type) {
  const json::value events = json::parseOwn(listener.events);
  for (const json::value& event : events.as_array()) {
    if (event.is_string() && event.get_string() == type) {
      return true;
    }
  }
  return false;
}

std::string payloadOf(std::string_view type, const store::DataRecord& record,
                      std::optional<std::string_view> oldValue) {
  std::string text = R"({"type":")" + std::string(type) + R"(","currentValue":{"key":)";
  json::writeString(record.key, text);
  text += ",\"storeId\":";
  json::writeString(record.storeId, text);
  text += ",\"value\":" + record.value;
  if (oldValue) {
    text += ",\"oldValue\":" + std::string(*oldValue);
  }
  text += ",\"createdAt\":\"" + base::toIso(base::fromMillis(record.createdAt));
  text += "\",\"updatedAt\":\"" + base::toIso(base::fromMillis(record.updatedAt)) + "\"}";
  if (oldValue) {
    text += ",\"oldValue\":" + std::string(*oldValue);
  }
  return text + "}";
}

}  // namespace

DataEvents::DataEvents(store::Transaction& tx, std::string_view storeId)
    : listeners_(tx.dataStores().listeners(storeId)) {}

void DataEvents::inserted(const store::DataRecord& record, std::vector<ListenerCall>& calls) const {
  tell("insert", record, std::nullopt, calls);
}

void DataEvents::updated(const store::DataRecord& record, std::string_view oldValue,
                         std::vector<ListenerCall>& calls) const {
  tell("update", record, oldValue, calls);
}

void DataEvents::deleted(const store::DataRecord& record, std::vector<ListenerCall>& calls) const {
  tell("delete", record, std::nullopt, calls);
}

void DataEvents::tell(std::string_view type, const store::DataRecord& record,
                      std::optional<std::string_view> oldValue, std::vector<ListenerCall>& calls) const {
  for (const store::DataListenerRecord& listener : listeners_) {
    if (wants(listener, type)) {
      calls.push_back({listener.flowId, listener.componentId, payloadOf(type, record, oldValue)});
    }
  }
}

}  // namespace patchbay::datastores
