// The table of logs.db. Columns as LogRecord; `id` grows with every record and is the order of writing.
#pragma once

namespace patchbay::insights {

inline constexpr const char* kLogSchema = R"(
CREATE TABLE IF NOT EXISTS records(
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  flow_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  component_type TEXT NOT NULL,
  severity TEXT NOT NULL,
  type TEXT NOT NULL,
  port_type TEXT NOT NULL,
  port TEXT NOT NULL,
  sender_id TEXT NOT NULL,
  sender_type TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  msg TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS records_flow ON records(flow_id, time);
CREATE INDEX IF NOT EXISTS records_time ON records(time);
)";

}  // namespace patchbay::insights
