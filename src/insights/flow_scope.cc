#include "insights/flow_scope.h"

namespace patchbay::insights {

Condition oneOf(const char* column, const std::vector<std::string>& texts) {
  Condition condition{std::string(column) + " IN (", {}};
  for (const std::string& text : texts) {
    condition.sql += condition.parameters.empty() ? "?" : ",?";
    condition.parameters.emplace_back(text);
  }
  condition.sql += ")";
  return condition;
}

Condition flowsInScope(LogReader& reader, const LogScope& scope,
                       const std::vector<std::string>& flowIds) {
  if (scope.everything && flowIds.empty()) {
    return {};
  }
  Condition wanted = flowIds.empty() ? Condition{} : oneOf("flow_id", flowIds);
  if (!scope.everything) {
    Condition seen{"user_id = ?", {scope.userId}};
    seen = scope.flowIds.empty() ? seen : either(std::move(seen), oneOf("flow_id", scope.flowIds));
    wanted = both(std::move(wanted), std::move(seen));
  }
  std::string numbers;
  bool one = true;
  reader.each("SELECT id FROM flows WHERE " + wanted.sql, wanted.parameters,
              [&](const store::sqlite::Query& row) {
                one = numbers.empty();
                numbers += (one ? "" : ",") + std::to_string(row.integer(0));
                return true;
              });
  // Equality with one keeps its records in the order of time.
  return {one && !numbers.empty() ? "flow = " + numbers : "flow IN (" + numbers + ")", {}};
}

}  // namespace patchbay::insights
