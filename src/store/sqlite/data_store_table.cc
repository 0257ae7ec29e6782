#include "store/sqlite/data_store_table.h"

namespace patchbay::store::sqlite {

namespace {

DataStoreRecord storeOf(const Query& row) { return {row.text(0), row.text(1), row.text(2)}; }

DataRecord recordOf(const Query& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4), row.integer(5)};
}

}  // namespace

void SqliteDataStoreTable::putStore(const DataStoreRecord& store) {
  Query(putStore_).bind(store.storeId).bind(store.userId).bind(store.name).run();
}

void SqliteDataStoreTable::eraseStore(std::string_view storeId) {
  Query(eraseStore_).bind(storeId).run();
  Query(clear_).bind(storeId).run();
  Query(eraseStoreListeners_).bind(storeId).run();
}

std::optional<DataStoreRecord> SqliteDataStoreTable::store(std::string_view storeId) {
  Query query(store_);
  query.bind(storeId);
  return query.next() ? std::optional(storeOf(query)) : std::nullopt;
}

std::vector<DataStoreRecord> SqliteDataStoreTable::stores(std::string_view userId) {
  Query query(stores_);
  query.bind(userId);
  std::vector<DataStoreRecord> stores;
  while (query.next()) {
    stores.push_back(storeOf(query));
  }
  return stores;
}

std::optional<DataRecord> SqliteDataStoreTable::get(std::string_view storeId, std::string_view key) {
  Query query(get_);
  query.bind(storeId).bind(key);
  return query.next() ? std::optional(recordOf(query)) : std::nullopt;
}

void SqliteDataStoreTable::put(const DataRecord& record) {
  Query(put_)
      .bind(record.storeId)
      .bind(record.key)
      .bind(record.value)
      .bind(record.userId)
      .bind(record.createdAt)
      .bind(record.updatedAt)
      .run();
}

bool SqliteDataStoreTable::erase(std::string_view storeId, std::string_view key) {
  Query(erase_).bind(storeId).bind(key).run();
  return connection_.changes() > 0;
}

void SqliteDataStoreTable::clear(std::string_view storeId) { Query(clear_).bind(storeId).run(); }

Statement& SqliteDataStoreTable::findStatement(const DataQuery& query) {
  if (query.sort == "key") {
    return query.descending ? byKeyDown_ : byKey_;
  }
  if (query.sort == "createdAt") {
    return query.descending ? byCreatedDown_ : byCreated_;
  }
  return query.descending ? byUpdatedDown_ : byUpdated_;
}

std::vector<DataRecord> SqliteDataStoreTable::find(const DataQuery& query) {
  Query rows(findStatement(query));
  rows.bind(query.storeId).bind(query.pattern).bind(query.limit).bind(query.offset);
  std::vector<DataRecord> records;
  while (rows.next()) {
    records.push_back(recordOf(rows));
  }
  return records;
}

std::int64_t SqliteDataStoreTable::count(std::string_view storeId, std::string_view pattern) {
  Query query(count_);
  query.bind(storeId).bind(pattern);
  return query.next() ? query.integer(0) : 0;
}

void SqliteDataStoreTable::putListener(const DataListenerRecord& listener) {
  Query(putListener_)
      .bind(listener.storeId)
      .bind(listener.flowId)
      .bind(listener.componentId)
      .bind(listener.events)
      .run();
}

void SqliteDataStoreTable::eraseListener(std::string_view storeId, std::string_view flowId,
                                         std::string_view componentId) {
  Query(eraseListener_).bind(storeId).bind(flowId).bind(componentId).run();
}

void SqliteDataStoreTable::eraseListeners(std::string_view flowId) {
  Query(eraseListeners_).bind(flowId).run();
}

std::vector<DataListenerRecord> SqliteDataStoreTable::listeners(std::string_view storeId) {
  Query query(listeners_);
  query.bind(storeId);
  std::vector<DataListenerRecord> listeners;
  while (query.next()) {
    listeners.push_back({query.text(0), query.text(1), query.text(2), query.text(3)});
  }
  return listeners;
}

}  // namespace patchbay::store::sqlite
