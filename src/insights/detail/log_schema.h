// The tables of logs.db, version kLogVersion (PRAGMA user_version).
//
// Names that come again in every record are kept once and named by number: `flows` holds a flow and its owner, `origins` a
// component of it; origin 0 is nobody. `records.id` grows with every record and is the order of writing. The view `log` has a
// record's fields as text; SQLite leaves out the joins that a statement does not need.
//
// `call_counts` and `call_times` are by hour (its beginning, ms), kept as long as records; `months` ("2026-03", UTC) by month,
// kept for two years. `measure`: 0 a message's time from queued to done, 1 a call's time; `step`: time_steps.h.
#pragma once

#include <cstdint>

namespace patchbay::insights {

inline constexpr std::int64_t kLogVersion = 1;

inline constexpr const char* kLogSchema = R"(
CREATE TABLE flows(
  id INTEGER PRIMARY KEY,
  flow_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  UNIQUE(flow_id, user_id));
CREATE INDEX flows_user ON flows(user_id);

CREATE TABLE origins(
  id INTEGER PRIMARY KEY,
  flow INTEGER NOT NULL,
  component_id TEXT NOT NULL,
  component_type TEXT NOT NULL,
  connector TEXT NOT NULL,
  UNIQUE(flow, component_id, component_type, connector));
INSERT INTO origins VALUES(0, 0, '', '', '');

CREATE TABLE records(
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  flow INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  severity TEXT NOT NULL,
  type TEXT NOT NULL,
  port_type TEXT NOT NULL,
  port TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  msg TEXT NOT NULL);
CREATE INDEX records_flow ON records(flow, time);
CREATE INDEX records_time ON records(time);

CREATE VIEW log AS
SELECT records.id, records.time, records.flow, records.origin, records.sender, severity, type, port_type, port, correlation_id, msg,
  flows.flow_id, flows.user_id, own.component_id, own.component_type,
  source.component_id AS sender_id, source.component_type AS sender_type
FROM records
LEFT JOIN flows ON flows.id = records.flow
LEFT JOIN origins AS own ON own.id = records.origin
LEFT JOIN origins AS source ON source.id = records.sender;

CREATE TABLE call_counts(
  origin INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY(origin, hour)) WITHOUT ROWID;

CREATE TABLE call_times(
  origin INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  measure INTEGER NOT NULL,
  step INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(origin, hour, measure, step)) WITHOUT ROWID;

CREATE TABLE months(
  flow INTEGER NOT NULL,
  month TEXT NOT NULL,
  count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY(flow, month)) WITHOUT ROWID;
)";

}  // namespace patchbay::insights
