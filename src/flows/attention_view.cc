#include "flows/attention_view.h"

#include "base/clock.h"
#include "base/json.h"
#include "store/attention.h"

namespace patchbay::flows {

namespace {

void setText(json::object& entry, std::string_view name, const std::string& text) {
  if (!text.empty()) {
    entry[name] = text;
  }
}

json::object entryOf(const store::AttentionRecord& record) {
  json::object entry{{"code", record.code}};
  setText(entry, "connector", record.connector);
  setText(entry, "componentId", record.componentId);
  setText(entry, record.code == "reconnect-account" ? "account" : "field", record.subject);
  entry["message"] = record.message;
  entry["since"] = base::toIso(base::fromMillis(record.since));
  return entry;
}

}  // namespace

void addAttention(store::Transaction& rows, std::string_view flowId, json::object& wire) {
  json::array entries;
  for (const store::AttentionRecord& record : rows.attention().ofFlow(flowId)) {
    entries.emplace_back(entryOf(record));
  }
  if (!entries.empty()) {
    wire["attention"] = std::move(entries);
  }
}

}  // namespace patchbay::flows
