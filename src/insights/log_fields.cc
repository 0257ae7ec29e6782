#include "insights/log_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/clock.h"

namespace patchbay::insights {

namespace {

constexpr auto kFields = std::to_array<LogField>({
    {"gridTimestamp", "time", FieldKind::kTime},
    {"@timestamp", "time", FieldKind::kTime},
    {"severity", "severity", FieldKind::kKeyword},
    {"type", "type", FieldKind::kKeyword},
    {"flowId", "flow_id", FieldKind::kKeyword, "flows", "flow", "flow_id"},
    {"userId", "user_id", FieldKind::kKeyword, "flows", "flow", "user_id"},
    {"componentId", "component_id", FieldKind::kKeyword, "origins", "origin", "component_id"},
    {"componentType", "component_type", FieldKind::kKeyword, "origins", "origin", "component_type"},
    {"portType", "port_type", FieldKind::kKeyword},
    {"port", "port", FieldKind::kKeyword},
    {"senderId", "sender_id", FieldKind::kKeyword, "origins", "sender", "component_id"},
    {"senderType", "sender_type", FieldKind::kKeyword, "origins", "sender", "component_type"},
    {"correlationId", "correlation_id", FieldKind::kKeyword},
    {"msg", "msg", FieldKind::kText},
    {"_id", "id", FieldKind::kId},
});

std::optional<std::int64_t> numberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

// "-7d" after now.
std::optional<std::int64_t> shiftOf(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  if (text.size() < 3 || (text.front() != '-' && text.front() != '+')) {
    return std::nullopt;
  }
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's': unit = 1'000; break;
    case 'm': unit = 60'000; break;
    case 'h': unit = 3'600'000; break;
    case 'd': unit = 86'400'000; break;
    case 'w': unit = 604'800'000; break;
    default: return std::nullopt;
  }
  const auto count = numberOf(text.substr(1, text.size() - 2));
  if (!count || *count < 0 || *count > 1'000'000) {
    return std::nullopt;
  }
  return (text.front() == '-' ? -1 : 1) * *count * unit;
}

}  // namespace

std::span<const LogField> logFields() { return kFields; }

const LogField* logField(std::string_view name) {
  constexpr std::string_view kSuffix = ".keyword";
  if (name.ends_with(kSuffix)) {
    name.remove_suffix(kSuffix.size());
  }
  const auto* found = std::find_if(kFields.begin(), kFields.end(),
                                   [name](const LogField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : found;
}

std::string fieldSql(const LogField& field, std::string_view before, std::string_view after) {
  std::string sql;
  if (field.table != nullptr) {
    sql = std::string(field.number) + " IN (SELECT id FROM " + field.table + " WHERE ";
  }
  sql += before;
  sql += field.table == nullptr ? field.column : field.tableColumn;
  sql += after;
  return field.table == nullptr ? sql : sql + ")";
}

std::optional<std::int64_t> timeOf(std::string_view text, std::int64_t now, bool roundUp) {
  if (text.starts_with("now")) {
    const auto shift = shiftOf(text.substr(3));
    return shift ? std::optional(now + *shift) : std::nullopt;
  }
  if (const auto time = base::parseIso(text)) {
    return base::toMillis(*time);
  }
  if (text.size() == 10 && text[4] == '-') {
    const auto day = base::parseIso(std::string(text) + "T00:00:00Z");
    return day ? std::optional(base::toMillis(*day) + (roundUp ? 86'399'999 : 0)) : std::nullopt;
  }
  return numberOf(text);
}

}  // namespace patchbay::insights
