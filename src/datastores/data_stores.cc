#include "datastores/data_stores.h"

#include <algorithm>

#include "base/json.h"
#include "datastores/data_events.h"
#include "datastores/record_query.h"

namespace patchbay::datastores {

namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxKeyBytes = 4096;
constexpr std::size_t kMaxValueBytes = std::size_t{16} << 20;
constexpr std::int64_t kChunk = 500;  // records read at once when a query is evaluated

json::object wireOf(const store::DataRecord& record) {
  return {{"key", record.key},
          {"value", json::parseOwn(record.value)},
          {"storeId", record.storeId},
          {"userId", record.userId},
          {"createdAt", base::toIso(base::fromMillis(record.createdAt))},
          {"updatedAt", base::toIso(base::fromMillis(record.updatedAt))}};
}

base::Error noStore(std::string_view storeId) {
  return base::fail(base::Code::kNotFound, "Data store " + std::string(storeId) + " was not found.");
}

base::Error noRecord(std::string_view key) {
  return base::fail(base::Code::kNotFound,
                    "Record \"" + std::string(key.substr(0, 200)) + "\" was not found in the data store.");
}

base::Error keyTaken(std::string_view key) {
  return base::fail(base::Code::kConflict, "The data store already has a record \"" +
                                               std::string(key.substr(0, 200)) + "\". Nothing was changed.");
}

base::Status checkName(const std::string& name) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return base::fail(base::Code::kInvalid, "\"name\" must be a text of 1 to 255 bytes.");
  }
  return {};
}

base::Status checkKey(const std::string& key) {
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return base::fail(base::Code::kInvalid, "A key must be a text of 1 to 4096 bytes.");
  }
  return {};
}

base::Result<std::string> textOf(const json::value& value) {
  std::string text = json::write(value);
  if (text.size() > kMaxValueBytes) {
    return base::fail(base::Code::kTooLarge, "The value is over 16 MiB. Nothing was written.");
  }
  return text;
}

// Walks the records of a search without its paging.
void forEach(store::Transaction& tx, const Search& search,
             const std::function<bool(const store::DataRecord&)>& visit) {
  store::DataQuery page{search.storeId, search.pattern, search.sort, search.descending, 0, kChunk};
  while (true) {
    const std::vector<store::DataRecord> records = tx.dataStores().find(page);
    for (const store::DataRecord& record : records) {
      if (!visit(record)) {
        return;
      }
    }
    if (records.size() < static_cast<std::size_t>(kChunk)) {
      return;
    }
    page.offset += kChunk;
  }
}

}  // namespace

base::Status readSort(const json::value& sort, Search& search) {
  std::string field;
  bool descending = false;
  if (const boost::json::string* text = sort.if_string()) {
    const std::string_view whole(text->data(), text->size());
    const std::size_t mark = whole.find_last_of(":;");
    field = whole.substr(0, mark);
    const std::string_view direction = mark == std::string_view::npos ? "" : whole.substr(mark + 1);
    descending = direction == "-1" || direction == "desc";
  } else if (const json::object* members = sort.if_object(); members != nullptr && members->size() == 1) {
    field = members->begin()->key();
    const auto direction = json::getInt(*members, field);
    descending = direction && *direction < 0;
  }
  if (field != "key" && field != "createdAt" && field != "updatedAt") {
    return base::fail(base::Code::kInvalid,
                      "\"sort\" must be key, createdAt or updatedAt, followed by :1 or :-1.");
  }
  search.sort = field;
  search.descending = descending;
  return {};
}

base::Result<Search> readSearch(const json::object& arguments) {
  Search search;
  search.storeId = json::getString(arguments, "storeId");
  search.pattern = json::getString(arguments, "pattern");
  search.offset = std::max<std::int64_t>(json::getInt(arguments, "offset").value_or(0), 0);
  search.limit = json::getInt(arguments, "limit").value_or(-1);
  const json::value* query = json::find(arguments, "query");
  if (query != nullptr && query->is_object()) {
    search.query = query->get_object();
  } else if (query != nullptr && !query->is_null()) {
    return base::fail(base::Code::kInvalid, "\"query\" must be an object.");
  }
  const json::value* sort = json::find(arguments, "sort");
  if (sort != nullptr && !sort->is_null() && !(sort->is_object() && sort->get_object().empty())) {
    if (base::Status read = readSort(*sort, search); !read) {
      return read.error();
    }
  }
  return search;
}

std::vector<store::DataStoreRecord> DataStores::list(store::Transaction& tx, std::string_view userId) const {
  return tx.dataStores().stores(userId);
}

base::Result<store::DataStoreRecord> DataStores::find(store::Transaction& tx, std::string_view userId,
                                                      std::string_view storeId) const {
  auto found = tx.dataStores().store(storeId);
  if (!found || found->userId != userId) {
    return noStore(storeId);
  }
  return std::move(*found);
}

base::Result<std::string> DataStores::create(store::Transaction& tx, const std::string& userId,
                                             const std::string& name) const {
  if (base::Status good = checkName(name); !good) {
    return good.error();
  }
  const store::DataStoreRecord made{base::newHexId(random_), userId, name};
  tx.dataStores().putStore(made);
  return made.storeId;
}

base::Result<std::string> DataStores::rename(store::Transaction& tx, std::string_view userId,
                                             std::string_view storeId, const std::string& name) const {
  if (base::Status good = checkName(name); !good) {
    return good.error();
  }
  auto found = find(tx, userId, storeId);
  if (!found) {
    return found.error();
  }
  std::string old = std::exchange(found->name, name);
  tx.dataStores().putStore(*found);
  return old;
}

base::Status DataStores::remove(store::Transaction& tx, std::string_view userId,
                                std::string_view storeId) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  tx.dataStores().eraseStore(storeId);
  return {};
}

base::Status DataStores::removeAllOf(store::Transaction& tx, std::string_view userId) const {
  for (const store::DataStoreRecord& record : list(tx, userId)) {
    if (base::Status removed = remove(tx, userId, record.storeId); !removed) {
      return removed;
    }
  }
  return {};
}

base::Result<std::optional<json::object>> DataStores::get(store::Transaction& tx, std::string_view userId,
                                                          std::string_view storeId,
                                                          std::string_view key) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  const auto record = tx.dataStores().get(storeId, key);
  return record ? std::optional(wireOf(*record)) : std::nullopt;
}

base::Result<json::array> DataStores::search(store::Transaction& tx, std::string_view userId,
                                             const Search& search) const {
  if (auto found = find(tx, userId, search.storeId); !found) {
    return found.error();
  }
  json::array records;
  if (!search.query || search.query->empty()) {
    for (const store::DataRecord& record : tx.dataStores().find(
             {search.storeId, search.pattern, search.sort, search.descending, search.offset, search.limit})) {
      records.emplace_back(wireOf(record));
    }
    return records;
  }
  auto query = RecordQuery::parse(*search.query);
  if (!query) {
    return query.error();
  }
  std::int64_t skipped = 0;
  forEach(tx, search, [&](const store::DataRecord& record) {
    if (search.limit >= 0 && records.size() >= static_cast<std::size_t>(search.limit)) {
      return false;
    }
    json::object wire = wireOf(record);
    if (query->matches(wire) && skipped++ >= search.offset) {
      records.emplace_back(std::move(wire));
    }
    return true;
  });
  return records;
}

base::Result<std::int64_t> DataStores::count(store::Transaction& tx, std::string_view userId,
                                             const Search& search) const {
  if (auto found = find(tx, userId, search.storeId); !found) {
    return found.error();
  }
  if (!search.query || search.query->empty()) {
    return tx.dataStores().count(search.storeId, search.pattern);
  }
  auto query = RecordQuery::parse(*search.query);
  if (!query) {
    return query.error();
  }
  std::int64_t count = 0;
  forEach(tx, search, [&](const store::DataRecord& record) {
    count += query->matches(wireOf(record)) ? 1 : 0;
    return true;
  });
  return count;
}

base::Result<Change> DataStores::set(store::Transaction& tx, std::string_view userId,
                                     const std::string& storeId, const std::string& key,
                                     const json::value& value) const {
  if (base::Status good = checkKey(key); !good) {
    return good.error();
  }
  auto text = textOf(value);
  if (!text) {
    return text.error();
  }
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  const auto old = tx.dataStores().get(storeId, key);
  const std::int64_t now = base::toMillis(clock_.now());
  const store::DataRecord record{storeId, key, std::move(*text), std::string(userId),
                                 old ? old->createdAt : now, now};
  tx.dataStores().put(record);
  Change change{wireOf(record), true, {}};
  const DataEvents events(tx, storeId);
  if (old) {
    events.updated(record, old->value, change.calls);
  } else {
    events.inserted(record, change.calls);
  }
  return change;
}

base::Result<Change> DataStores::patch(store::Transaction& tx, std::string_view userId,
                                       const std::string& storeId, const std::string& key,
                                       const std::optional<std::string>& newKey,
                                       const std::optional<json::value>& newValue) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  auto record = tx.dataStores().get(storeId, key);
  if (!record) {
    return noRecord(key);
  }
  const store::DataRecord old = *record;
  if (newValue) {
    auto text = textOf(*newValue);
    if (!text) {
      return text.error();
    }
    record->value = std::move(*text);
  }
  record->updatedAt = base::toMillis(clock_.now());
  const DataEvents events(tx, storeId);
  Change change;
  if (newKey && *newKey != key) {
    if (base::Status good = checkKey(*newKey); !good) {
      return good.error();
    }
    if (tx.dataStores().get(storeId, *newKey)) {
      return keyTaken(*newKey);
    }
    tx.dataStores().erase(storeId, key);
    record->key = *newKey;
    events.deleted(old, change.calls);
    events.inserted(*record, change.calls);
  } else {
    events.updated(*record, old.value, change.calls);
  }
  tx.dataStores().put(*record);
  change.record = wireOf(*record);
  return change;
}

base::Result<Change> DataStores::move(store::Transaction& tx, std::string_view userId,
                                      const std::string& storeId, const std::string& key,
                                      const std::string& targetStoreId) const {
  for (const std::string& id : {storeId, targetStoreId}) {
    if (auto found = find(tx, userId, id); !found) {
      return found.error();
    }
  }
  auto record = tx.dataStores().get(storeId, key);
  if (!record) {
    return noRecord(key);
  }
  Change change;
  if (targetStoreId != storeId) {
    if (tx.dataStores().get(targetStoreId, key)) {
      return keyTaken(key);
    }
    tx.dataStores().erase(storeId, key);
    DataEvents(tx, storeId).deleted(*record, change.calls);
    record->storeId = targetStoreId;
    record->updatedAt = base::toMillis(clock_.now());
    tx.dataStores().put(*record);
    DataEvents(tx, targetStoreId).inserted(*record, change.calls);
  }
  change.record = wireOf(*record);
  return change;
}

base::Result<Change> DataStores::erase(store::Transaction& tx, std::string_view userId,
                                       const std::string& storeId, const std::string& key) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  Change change;
  const auto record = tx.dataStores().get(storeId, key);
  change.happened = record && tx.dataStores().erase(storeId, key);
  if (change.happened) {
    DataEvents(tx, storeId).deleted(*record, change.calls);
  }
  return change;
}

base::Result<Change> DataStores::clear(store::Transaction& tx, std::string_view userId,
                                       const std::string& storeId) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  Change change;
  if (const DataEvents events(tx, storeId); events.heard()) {
    Search all;
    all.storeId = storeId;
    all.sort = "key";
    all.descending = false;
    forEach(tx, all, [&](const store::DataRecord& record) {
      events.deleted(record, change.calls);
      return true;
    });
  }
  tx.dataStores().clear(storeId);
  return change;
}

base::Status DataStores::listen(store::Transaction& tx, std::string_view userId, const std::string& storeId,
                                const std::string& flowId, const std::string& componentId,
                                std::vector<std::string> events) const {
  if (auto found = find(tx, userId, storeId); !found) {
    return found.error();
  }
  static const std::vector<std::string> kAll = {"insert", "update", "delete"};
  if (events.empty()) {
    events = kAll;
  }
  for (const std::string& event : events) {
    if (std::find(kAll.begin(), kAll.end(), event) == kAll.end()) {
      return base::fail(base::Code::kInvalid,
                        "\"events\" may hold insert, update and delete, not \"" + event.substr(0, 50) + "\".");
    }
  }
  tx.dataStores().putListener({storeId, flowId, componentId, json::write(json::toArray(events))});
  return {};
}

void DataStores::unlisten(store::Transaction& tx, const std::string& storeId, const std::string& flowId,
                          const std::string& componentId) const {
  tx.dataStores().eraseListener(storeId, flowId, componentId);
}

}  // namespace patchbay::datastores
