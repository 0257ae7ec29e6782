// The fields of a log record as clients name them (rest-api §19.1), and the columns behind them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::insights {

enum class FieldKind : std::uint8_t {
  kKeyword,  // compared as a whole, without regard to case
  kText,     // a value is searched in it
  kTime,     // ms; clients write ISO, ms or now-1d
  kId,
};

struct LogField {
  std::string_view name;
  const char* column;  // of the view `log`
  FieldKind kind;
  // Where its texts are kept once, and the column of `log` that names them by number; null = in the record itself.
  const char* table = nullptr;
  const char* number = nullptr;
  const char* tableColumn = nullptr;
};

std::span<const LogField> logFields();
// "@timestamp" is gridTimestamp; a trailing ".keyword" is ignored. Null when there is no such field.
const LogField* logField(std::string_view name);

// The predicate `before` column `after`, asked of each text once where texts are kept once.
std::string fieldSql(const LogField& field, std::string_view before, std::string_view after);

// ISO date or time, ms since 1970, now, now-7d (s, m, h, d, w). `roundUp`: a date without time is its last ms.
std::optional<std::int64_t> timeOf(std::string_view text, std::int64_t now, bool roundUp = false);

}  // namespace patchbay::insights
