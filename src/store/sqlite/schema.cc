#include "store/sqlite/schema.h"

#include <array>

namespace patchbay::store::sqlite {

namespace {

constexpr std::int64_t kApplicationId = 0x50426179;  // "PBay"; frozen

// messages: columns of the two indexes stand first, so that erasing a row reads only its head. `flow_hash` (FNV-1a of flow_id)
// keeps the flow index a third of the size it would have over the 36 character id.
// high_water: greatest ids, reserved in blocks; see message_table.h.
constexpr const char* kFirst = R"sql(
CREATE TABLE users(
  id TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL COLLATE NOCASE UNIQUE,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  password_hash TEXT NOT NULL,
  document TEXT NOT NULL);

CREATE TABLE settings(
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(kind, name)) WITHOUT ROWID;

CREATE TABLE revisions(
  id TEXT NOT NULL UNIQUE,
  bundle TEXT NOT NULL,
  version TEXT NOT NULL,
  document TEXT NOT NULL,
  installed_at INTEGER NOT NULL,
  current INTEGER NOT NULL,
  trashed INTEGER NOT NULL);
CREATE INDEX revisions_bundle ON revisions(bundle);

CREATE TABLE flows(
  flow_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  stage TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  btime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  started INTEGER NOT NULL,
  stopped INTEGER NOT NULL,
  version INTEGER NOT NULL,
  document TEXT NOT NULL);
CREATE INDEX flows_user ON flows(user_id);
CREATE INDEX flows_stage ON flows(stage);

CREATE TABLE flow_components(
  flow_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  type TEXT NOT NULL,
  PRIMARY KEY(flow_id, component_id)) WITHOUT ROWID;
CREATE INDEX flow_components_id ON flow_components(component_id);

CREATE TABLE flow_pins(
  flow_id TEXT NOT NULL,
  bundle TEXT NOT NULL,
  revision TEXT NOT NULL,
  side_by_side INTEGER NOT NULL,
  PRIMARY KEY(flow_id, bundle)) WITHOUT ROWID;

CREATE TABLE messages(
  id INTEGER PRIMARY KEY,
  flow_hash INTEGER NOT NULL,
  state INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  payload INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  trace INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  flow_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  port TEXT NOT NULL,
  source_id TEXT NOT NULL,
  source_port TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  extra TEXT NOT NULL);
CREATE INDEX messages_flow ON messages(flow_hash);
CREATE INDEX messages_due ON messages(due_at) WHERE state = 1;

CREATE TABLE payloads(
  id INTEGER PRIMARY KEY,
  json TEXT NOT NULL);

CREATE TABLE high_water(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO high_water VALUES ('message', 0), ('payload', 0);

CREATE TABLE states(
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(owner, key)) WITHOUT ROWID;

CREATE TABLE unprocessed(
  message_id TEXT NOT NULL UNIQUE,
  flow_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  component_type TEXT NOT NULL,
  user_id TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  created INTEGER NOT NULL,
  document TEXT NOT NULL);
CREATE INDEX unprocessed_flow ON unprocessed(flow_id, created);
CREATE INDEX unprocessed_user ON unprocessed(user_id, created);

CREATE TABLE data_stores(
  store_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL);
CREATE INDEX data_stores_user ON data_stores(user_id);

CREATE TABLE data_records(
  store_id TEXT NOT NULL,
  key TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  value TEXT NOT NULL,
  UNIQUE(store_id, key));
CREATE INDEX data_records_updated ON data_records(store_id, updated_at);

CREATE TABLE data_listeners(
  store_id TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  events TEXT NOT NULL,
  PRIMARY KEY(store_id, flow_id, component_id)) WITHOUT ROWID;
CREATE INDEX data_listeners_flow ON data_listeners(flow_id);

CREATE TABLE files(
  file_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  md5 TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  blob TEXT NOT NULL,
  length INTEGER NOT NULL,
  upload_date INTEGER NOT NULL);
CREATE INDEX files_user ON files(user_id);

CREATE TABLE accounts(
  account_id TEXT NOT NULL UNIQUE,
  token_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  profile TEXT NOT NULL,
  sealed TEXT NOT NULL,
  invalid TEXT NOT NULL,
  created INTEGER NOT NULL);
CREATE INDEX accounts_user ON accounts(user_id);

CREATE TABLE assignments(
  flow_id TEXT NOT NULL,
  component_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  PRIMARY KEY(flow_id, component_id)) WITHOUT ROWID;
CREATE INDEX assignments_account ON assignments(account_id);

CREATE TABLE operations(
  ticket TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  user_id TEXT NOT NULL,
  document TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL);
CREATE INDEX operations_status ON operations(status);
)sql";

// System webhooks that are to be sent, or were (docs/decisions/0035). state: 0 pending, 1 delivered, 2 failed.
constexpr const char* kWebhookDeliveries = R"sql(
CREATE TABLE webhook_deliveries(
  id INTEGER PRIMARY KEY,
  delivery_id TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  url TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error TEXT NOT NULL,
  created INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  last_attempt INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  payload TEXT NOT NULL);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries(due_at) WHERE state = 0;
CREATE INDEX webhook_deliveries_url ON webhook_deliveries(url, due_at) WHERE state = 0;
)sql";

// Descriptors that a change has replaced, and those people keep (docs/decisions/0044).
constexpr const char* kFlowVersions = R"sql(
CREATE TABLE flow_versions(
  flow_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  version_id TEXT NOT NULL,
  type TEXT NOT NULL,
  label TEXT NOT NULL,
  btime INTEGER NOT NULL,
  descriptor TEXT NOT NULL,
  UNIQUE(flow_id, number));
)sql";

// Operations on connectors, what they leave to be done, and who did it (docs/decisions/0052).
constexpr const char* kConnectorOperations = R"sql(
ALTER TABLE operations ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE INDEX operations_subject ON operations(subject, created) WHERE subject <> '';
ALTER TABLE revisions ADD COLUMN trashed_at INTEGER NOT NULL DEFAULT 0;
UPDATE revisions SET trashed_at = installed_at WHERE trashed = 1;
CREATE INDEX flow_components_type ON flow_components(type);
CREATE INDEX flow_pins_bundle ON flow_pins(bundle);
CREATE TABLE attention(
  flow_id TEXT NOT NULL,
  code TEXT NOT NULL,
  connector TEXT NOT NULL,
  component_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY(flow_id, code, connector, component_id, subject)) WITHOUT ROWID;
CREATE TABLE audit(
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  name TEXT NOT NULL,
  version_from TEXT NOT NULL,
  version_to TEXT NOT NULL,
  ticket TEXT NOT NULL,
  ip TEXT NOT NULL,
  outcome TEXT NOT NULL);
CREATE INDEX audit_name ON audit(resource, name);
)sql";

constexpr std::array kMigrations = {kFirst, kWebhookDeliveries, kFlowVersions, kConnectorOperations};

void applyStep(Connection& connection, std::size_t step) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    connection.execute(kMigrations[step]);
    connection.execute(("PRAGMA user_version = " + std::to_string(step + 1)).c_str());
    connection.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
    connection.execute("COMMIT");
  } catch (...) {
    if (connection.inTransaction()) {
      connection.execute("ROLLBACK");
    }
    throw;
  }
}

}  // namespace

int newestSchema() { return static_cast<int>(kMigrations.size()); }

void checkFile(Connection& connection, const std::string& path) {
  const std::int64_t version = connection.integer("PRAGMA user_version");
  const std::int64_t owner = connection.integer("PRAGMA application_id");
  const bool isNew = connection.integer("SELECT count(*) FROM sqlite_master") == 0;
  if (!isNew && owner != kApplicationId) {
    throw StoreError(base::Code::kStoreFailed, "The file " + path +
                                                   " is a database of another program. It was not "
                                                   "changed; choose another data folder.");
  }
  if (version > newestSchema()) {
    throw StoreError(base::Code::kStoreFailed,
                     "The database " + path + " was written by a newer Patchbay (schema " +
                         std::to_string(version) + ", this one knows " +
                         std::to_string(newestSchema()) +
                         "). It was not changed; start that version or restore a backup.");
  }
}

void migrate(Connection& connection) {
  const std::int64_t version = connection.integer("PRAGMA user_version");
  for (auto step = static_cast<std::size_t>(version); step < kMigrations.size(); ++step) {
    applyStep(connection, step);
  }
}

}  // namespace patchbay::store::sqlite
