// The users' data stores (rest-api §12) and the components that listen to them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct DataStoreRecord {
  std::string storeId;  // 24 hex
  std::string userId;
  std::string name;
};

struct DataRecord {
  std::string storeId;
  std::string key;
  std::string value;  // JSON
  std::string userId;
  std::int64_t createdAt = 0, updatedAt = 0;  // ms
};

struct DataListenerRecord {
  std::string storeId;
  std::string flowId;
  std::string componentId;
  std::string events;  // JSON array of insert, update, delete
};

struct DataQuery {
  std::string storeId;
  std::string pattern;   // substring of the key without regard to case; empty = all
  std::string sort = "updatedAt";  // key, createdAt, updatedAt
  bool descending = true;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  // < 0: no limit
};

class DataStoreTable {
 public:
  virtual ~DataStoreTable() = default;
  virtual void putStore(const DataStoreRecord& store) = 0;
  virtual void eraseStore(std::string_view storeId) = 0;  // with records and listeners
  virtual std::optional<DataStoreRecord> store(std::string_view storeId) = 0;
  virtual std::vector<DataStoreRecord> stores(std::string_view userId) = 0;

  virtual std::optional<DataRecord> get(std::string_view storeId, std::string_view key) = 0;
  virtual void put(const DataRecord& record) = 0;
  virtual bool erase(std::string_view storeId, std::string_view key) = 0;
  virtual void clear(std::string_view storeId) = 0;
  virtual std::vector<DataRecord> find(const DataQuery& query) = 0;
  virtual std::int64_t count(std::string_view storeId, std::string_view pattern) = 0;

  virtual void putListener(const DataListenerRecord& listener) = 0;
  virtual void eraseListener(std::string_view storeId, std::string_view flowId, std::string_view componentId) = 0;
  virtual void eraseListeners(std::string_view flowId) = 0;
  virtual std::vector<DataListenerRecord> listeners(std::string_view storeId) = 0;
};

}  // namespace patchbay::store
