// All tables over one connection: what units and readers are given.
//
// Threads: one at a time, as its connection.
#pragma once

#include <memory>

#include "store/sqlite/account_table.h"
#include "store/sqlite/attention_table.h"
#include "store/sqlite/audit_table.h"
#include "store/sqlite/bundle_table.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/data_store_table.h"
#include "store/sqlite/file_table.h"
#include "store/sqlite/flow_table.h"
#include "store/sqlite/flow_version_table.h"
#include "store/sqlite/message_table.h"
#include "store/sqlite/operation_table.h"
#include "store/sqlite/setting_table.h"
#include "store/sqlite/state_table.h"
#include "store/sqlite/unprocessed_table.h"
#include "store/sqlite/user_table.h"
#include "store/sqlite/webhook_delivery_table.h"

namespace patchbay::store::sqlite {

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  UserTable& users() override { return users_; }
  SettingTable& settings() override { return settings_; }
  BundleTable& bundles() override { return bundles_; }
  FlowTable& flows() override { return flows_; }
  FlowVersionTable& flowVersions() override { return flowVersions_; }
  MessageTable& messages() override { return messages_; }
  StateTable& states() override { return states_; }
  UnprocessedTable& unprocessed() override { return unprocessed_; }
  DataStoreTable& dataStores() override { return dataStores_; }
  FileTable& files() override { return files_; }
  AccountTable& accounts() override { return accounts_; }
  OperationTable& operations() override { return operations_; }
  WebhookDeliveryTable& webhookDeliveries() override { return webhookDeliveries_; }
  AttentionTable& attention() override { return attention_; }
  AuditTable& audit() override { return audit_; }

  // Transaction control; the names are SQLite's.
  void begin() { Query(begin_).run(); }
  void beginImmediate() { Query(beginImmediate_).run(); }
  void commit();
  void rollback();  // nothing when SQLite has rolled back by itself
  void savepoint() { Query(savepoint_).run(); }
  void release() { Query(release_).run(); }
  void rollbackToSavepoint();
  bool open() const { return connection_->inTransaction(); }

 private:
  std::unique_ptr<Connection> connection_;
  SqliteUserTable users_{*connection_};
  SqliteSettingTable settings_{*connection_};
  SqliteBundleTable bundles_{*connection_};
  SqliteFlowTable flows_{*connection_};
  SqliteFlowVersionTable flowVersions_{*connection_};
  SqliteMessageTable messages_{*connection_};
  SqliteStateTable states_{*connection_};
  SqliteUnprocessedTable unprocessed_{*connection_};
  SqliteDataStoreTable dataStores_{*connection_};
  SqliteFileTable files_{*connection_};
  SqliteAccountTable accounts_{*connection_};
  SqliteOperationTable operations_{*connection_};
  SqliteWebhookDeliveryTable webhookDeliveries_{*connection_};
  SqliteAttentionTable attention_{*connection_};
  SqliteAuditTable audit_{*connection_};
  Statement begin_{*connection_, "BEGIN"};
  Statement beginImmediate_{*connection_, "BEGIN IMMEDIATE"};
  Statement commit_{*connection_, "COMMIT"};
  Statement rollback_{*connection_, "ROLLBACK"};
  Statement savepoint_{*connection_, "SAVEPOINT unit"};
  Statement release_{*connection_, "RELEASE unit"};
  Statement rollbackTo_{*connection_, "ROLLBACK TO unit"};
};

}  // namespace patchbay::store::sqlite
