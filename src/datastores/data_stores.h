// The rules of the users' data stores (rest-api §12, component-runtime §8.8): who may, what a change means, who is told.
//
// Every verb works inside a Transaction that is given: a reader's for those that only look, a unit's for those that change. A changing verb
// returns the calls that listening components are due, to be enqueued in the same unit or after it.
// Threads: safe from any thread; holds no state. Errors: kNotFound for a store that is absent or another user's, and for an absent record
// where one is needed; kConflict for a key that is taken; kInvalid, kTooLarge.
// Records are JSON documents in the wire's shape: {key, value, storeId, userId, createdAt, updatedAt}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/datastores.h"
#include "store/store.h"

namespace patchbay::datastores {

// One call of a listening component's webhook. `payload` is JSON: {type, currentValue, oldValue?}, the webhook's `data`.
struct ListenerCall {
  std::string flowId, componentId, payload;
};

struct Change {
  boost::json::object record;  // as it now is; empty after a removal
  bool happened = true;        // false: there was nothing to remove
  std::vector<ListenerCall> calls;
};

struct Search {
  std::string storeId;
  std::string pattern;                      // substring of the key without regard to case
  std::optional<boost::json::object> query; // see record_query.h
  std::string sort = "updatedAt";           // key, createdAt, updatedAt
  bool descending = true;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  // < 0: none
};

// "updatedAt:-1", "key" or {"key": 1}: sets sort and descending. kInvalid.
base::Status readSort(const boost::json::value& sort, Search& search);
// {storeId, pattern?, query?, sort?, offset?, limit?} of a component; without a limit all records.
base::Result<Search> readSearch(const boost::json::object& arguments);

class DataStores {
 public:
  // Both must outlive this.
  DataStores(base::Random& random, const base::Clock& clock) : random_(random), clock_(clock) {}

  std::vector<store::DataStoreRecord> list(store::Transaction& tx, std::string_view userId) const;
  base::Result<store::DataStoreRecord> find(store::Transaction& tx, std::string_view userId,
                                            std::string_view storeId) const;
  // The new store's id.
  base::Result<std::string> create(store::Transaction& tx, const std::string& userId, const std::string& name) const;
  // The old name.
  base::Result<std::string> rename(store::Transaction& tx, std::string_view userId, std::string_view storeId,
                                   const std::string& name) const;
  // With records and listeners. Nobody is told: the listeners are gone too.
  base::Status remove(store::Transaction& tx, std::string_view userId, std::string_view storeId) const;
  base::Status removeAllOf(store::Transaction& tx, std::string_view userId) const;

  base::Result<std::optional<boost::json::object>> get(store::Transaction& tx, std::string_view userId,
                                                       std::string_view storeId, std::string_view key) const;
  base::Result<boost::json::array> search(store::Transaction& tx, std::string_view userId, const Search& search) const;
  base::Result<std::int64_t> count(store::Transaction& tx, std::string_view userId, const Search& search) const;

  // Creates or overwrites.
  base::Result<Change> set(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                           const std::string& key, const boost::json::value& value) const;
  // A new key, a new value, or both. kNotFound, kConflict.
  base::Result<Change> patch(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                             const std::string& key, const std::optional<std::string>& newKey,
                             const std::optional<boost::json::value>& newValue) const;
  base::Result<Change> move(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                            const std::string& key, const std::string& targetStoreId) const;
  base::Result<Change> erase(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                             const std::string& key) const;
  base::Result<Change> clear(store::Transaction& tx, std::string_view userId, const std::string& storeId) const;

  // `events`: insert, update, delete; empty = all.
  base::Status listen(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                      const std::string& flowId, const std::string& componentId,
                      std::vector<std::string> events) const;
  // Also of a store that is gone.
  void unlisten(store::Transaction& tx, const std::string& storeId, const std::string& flowId,
                const std::string& componentId) const;

 private:
  base::Random& random_;
  const base::Clock& clock_;
};

}  // namespace patchbay::datastores
