#pragma once

#include "store/datastores.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteDataStoreTable final : public DataStoreTable {
 public:
  explicit SqliteDataStoreTable(Connection& connection) : connection_(connection) {}

  void putStore(const DataStoreRecord& store) override;
  void eraseStore(std::string_view storeId) override;
  std::optional<DataStoreRecord> store(std::string_view storeId) override;
  std::vector<DataStoreRecord> stores(std::string_view userId) override;

  std::optional<DataRecord> get(std::string_view storeId, std::string_view key) override;
  void put(const DataRecord& record) override;
  bool erase(std::string_view storeId, std::string_view key) override;
  void clear(std::string_view storeId) override;
  std::vector<DataRecord> find(const DataQuery& query) override;
  std::int64_t count(std::string_view storeId, std::string_view pattern) override;

  void putListener(const DataListenerRecord& listener) override;
  void eraseListener(std::string_view storeId, std::string_view flowId,
                     std::string_view componentId) override;
  void eraseListeners(std::string_view flowId) override;
  std::vector<DataListenerRecord> listeners(std::string_view storeId) override;

 private:
  Statement& findStatement(const DataQuery& query);

  Connection& connection_;
  Statement putStore_{connection_,
                      "INSERT INTO data_stores(store_id, user_id, name) VALUES(?,?,?) ON CONFLICT(store_id) DO "
                      "UPDATE SET user_id = excluded.user_id, name = excluded.name"};
  Statement eraseStore_{connection_, "DELETE FROM data_stores WHERE store_id = ?"};
  Statement eraseStoreListeners_{connection_, "DELETE FROM data_listeners WHERE store_id = ?"};
  Statement store_{connection_, "SELECT store_id, user_id, name FROM data_stores WHERE store_id = ?"};
  Statement stores_{connection_,
                    "SELECT store_id, user_id, name FROM data_stores WHERE user_id = ? ORDER BY name, store_id"};

#define PATCHBAY_RECORD_COLUMNS "store_id, key, value, user_id, created_at, updated_at"
#define PATCHBAY_FIND(order)                                                                      \
  "SELECT " PATCHBAY_RECORD_COLUMNS                                                               \
  " FROM data_records WHERE store_id = ?1 AND (?2 = '' OR instr(lower(key), lower(?2)) > 0) ORDER BY " order \
  ", key LIMIT ?3 OFFSET ?4"
  Statement get_{connection_,
                 "SELECT " PATCHBAY_RECORD_COLUMNS " FROM data_records WHERE store_id = ? AND key = ?"};
  Statement put_{connection_,
                 "INSERT INTO data_records(" PATCHBAY_RECORD_COLUMNS
                 ") VALUES(?,?,?,?,?,?) ON CONFLICT(store_id, key) DO UPDATE SET value = excluded.value, user_id = "
                 "excluded.user_id, created_at = excluded.created_at, updated_at = excluded.updated_at"};
  Statement byKey_{connection_, PATCHBAY_FIND("key")};
  Statement byKeyDown_{connection_, PATCHBAY_FIND("key DESC")};
  Statement byCreated_{connection_, PATCHBAY_FIND("created_at")};
  Statement byCreatedDown_{connection_, PATCHBAY_FIND("created_at DESC")};
  Statement byUpdated_{connection_, PATCHBAY_FIND("updated_at")};
  Statement byUpdatedDown_{connection_, PATCHBAY_FIND("updated_at DESC")};
#undef PATCHBAY_FIND
#undef PATCHBAY_RECORD_COLUMNS
  Statement erase_{connection_, "DELETE FROM data_records WHERE store_id = ? AND key = ?"};
  Statement clear_{connection_, "DELETE FROM data_records WHERE store_id = ?"};
  Statement count_{connection_,
                   "SELECT count(*) FROM data_records WHERE store_id = ?1 AND (?2 = '' OR instr(lower(key), "
                   "lower(?2)) > 0)"};

  Statement putListener_{connection_,
                         "INSERT OR REPLACE INTO data_listeners(store_id, flow_id, component_id, events) "
                         "VALUES(?,?,?,?)"};
  Statement eraseListener_{
      connection_, "DELETE FROM data_listeners WHERE store_id = ? AND flow_id = ? AND component_id = ?"};
  Statement eraseListeners_{connection_, "DELETE FROM data_listeners WHERE flow_id = ?"};
  Statement listeners_{
      connection_, "SELECT store_id, flow_id, component_id, events FROM data_listeners WHERE store_id = ?"};
};

}  // namespace patchbay::store::sqlite
