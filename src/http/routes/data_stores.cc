#include "http/routes/data_stores.h"

#include <charconv>
#include <utility>

#include "base/json.h"
#include "http/body.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Parts = DataStoreParts;
using datastores::Change;

constexpr std::size_t kMaxDownloadBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxErased = 10'000;

const std::string& userOf(const Request& request) { return request.caller->userId; }

// A verb that looks, on a snapshot.
template <typename Verb>
auto look(const Parts& parts, Verb verb) {
  using Found = decltype(verb(std::declval<store::Transaction&>()));
  std::optional<Found> found;
  const base::Status read = parts.store.read([&](store::Transaction& tx) { found.emplace(verb(tx)); });
  return read ? std::move(*found) : Found(read.error());
}

// A verb that changes, in a unit of its own that is undone when it fails. Listeners' calls of a change of records are stored with it.
template <typename Verb>
auto change(const Parts& parts, Verb verb) {
  using Made = decltype(verb(std::declval<store::Transaction&>()));
  std::optional<Made> made;
  Parts::AfterCommit told;
  const base::Status written = parts.store.write([&](store::Transaction& tx) -> base::Status {
    made.emplace(verb(tx));
    if (!made->has_value()) {
      return made->error();
    }
    if constexpr (std::is_same_v<Made, base::Result<Change>>) {
      if (!(*made)->calls.empty() && parts.listeners) {
        told = parts.listeners(tx, (*made)->calls);
      }
    }
    return {};
  });
  if (!written) {
    return Made(written.error());
  }
  if (told) {
    told();
  }
  return std::move(*made);
}

Answer answered(base::Result<Change> made, bool withRecord) {
  if (!made) {
    return made.error();
  }
  return jsonResponse(withRecord ? json::value(std::move(made->record)) : json::value(json::object()));
}

json::object wireOf(const store::DataStoreRecord& record) {
  return {{"storeId", record.storeId}, {"name", record.name}};
}

base::Result<std::string> nameIn(const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  std::string name = json::getString(*body, "name");
  if (name.empty()) {
    return base::fail(base::Code::kInvalid, "\"name\" must be a text that is not empty.");
  }
  return name;
}

Answer listStores(const Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  json::array stores;
  const base::Status read = parts.store.read([&](store::Transaction& tx) {
    for (const store::DataStoreRecord& record : parts.dataStores.list(tx, userOf(request))) {
      stores.emplace_back(wireOf(record));
    }
  });
  if (!read) {
    return read.error();
  }
  return jsonResponse(query->apply(std::move(stores), {"storeId", {"name"}}));
}

Answer createStore(const Parts& parts, const Request& request) {
  auto name = nameIn(request);
  if (!name) {
    return name.error();
  }
  auto id = change(parts, [&](store::Transaction& tx) { return parts.dataStores.create(tx, userOf(request), *name); });
  return id ? Answer(jsonResponse(json::object{{"storeId", *id}})) : Answer(id.error());
}

Answer getStore(const Parts& parts, const Request& request) {
  auto found = look(parts, [&](store::Transaction& tx) {
    return parts.dataStores.find(tx, userOf(request), request.param("id"));
  });
  return found ? Answer(jsonResponse(wireOf(*found))) : Answer(found.error());
}

Answer renameStore(const Parts& parts, const Request& request) {
  auto name = nameIn(request);
  if (!name) {
    return name.error();
  }
  auto old = change(parts, [&](store::Transaction& tx) {
    return parts.dataStores.rename(tx, userOf(request), request.param("id"), *name);
  });
  return old ? Answer(jsonResponse(json::object{{"storeId", request.param("id")}, {"oldName", *old}}))
             : Answer(old.error());
}

Answer removeStore(const Parts& parts, const Request& request) {
  const base::Status removed = change(parts, [&](store::Transaction& tx) {
    return parts.dataStores.remove(tx, userOf(request), request.param("id"));
  });
  return removed ? Answer(jsonResponse(json::object())) : Answer(removed.error());
}

// storeId, pattern, sort, offset, limit of the query.
base::Result<datastores::Search> searchIn(const Request& request, std::string storeId) {
  auto list = ListQuery::parse(request);
  if (!list) {
    return list.error();
  }
  datastores::Search search;
  search.storeId = std::move(storeId);
  search.pattern = list->pattern();
  search.offset = static_cast<std::int64_t>(std::min<std::size_t>(list->offset(), std::size_t{1} << 40));
  search.limit = static_cast<std::int64_t>(std::min<std::size_t>(list->limit(), 10'000));
  if (const auto sort = request.queryValue("sort"); sort && !sort->empty()) {
    if (base::Status read = datastores::readSort(json::value(*sort), search); !read) {
      return read.error();
    }
  }
  return search;
}

Answer found(const Parts& parts, const Request& request, const datastores::Search& search) {
  auto records = look(parts, [&](store::Transaction& tx) {
    return parts.dataStores.search(tx, userOf(request), search);
  });
  return records ? Answer(jsonResponse(std::move(*records))) : Answer(records.error());
}

Answer listRecords(const Parts& parts, const Request& request) {
  auto search = searchIn(request, request.queryValue("storeId").value_or(""));
  return search ? found(parts, request, *search) : Answer(search.error());
}

Answer findRecords(const Parts& parts, const Request& request) {
  auto search = searchIn(request, request.param("storeId"));
  if (!search) {
    return search.error();
  }
  search->pattern = request.param("pattern");
  return found(parts, request, *search);
}

Answer countRecords(const Parts& parts, const Request& request) {
  auto search = searchIn(request, request.queryValue("storeId").value_or(""));
  if (!search) {
    return search.error();
  }
  auto count = look(parts, [&](store::Transaction& tx) {
    return parts.dataStores.count(tx, userOf(request), *search);
  });
  return count ? Answer(jsonResponse(json::object{{"count", *count}})) : Answer(count.error());
}

Answer getRecord(const Parts& parts, const Request& request) {
  auto record = look(parts, [&](store::Transaction& tx) {
    return parts.dataStores.get(tx, userOf(request), request.param("storeId"), request.param("key"));
  });
  if (!record) {
    return record.error();
  }
  if (!*record) {
    return base::fail(base::Code::kNotFound, "The data store has no record of this key.");
  }
  return jsonResponse(std::move(**record));
}

// The body is the value: JSON as such, anything else as a text.
base::Result<json::value> valueIn(const Request& request) {
  const auto type = request.headers.find("content-type");
  if (type == request.headers.end() || type->second.find("json") == std::string::npos) {
    std::string quoted;
    json::writeString(request.body, quoted);
    return json::parse(quoted, "The request body");  // refuses what is not UTF-8
  }
  return request.json();
}

Answer setRecord(const Parts& parts, const Request& request) {
  auto value = valueIn(request);
  if (!value) {
    return value.error();
  }
  auto made = change(parts, [&](store::Transaction& tx) {
    return parts.dataStores.set(tx, userOf(request), request.param("storeId"), request.param("key"), *value);
  });
  return answered(std::move(made), true);
}

Answer patchRecord(const Parts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  std::optional<std::string> key;
  if (const json::value* wanted = json::find(*body, "key")) {
    if (!wanted->is_string()) {
      return base::fail(base::Code::kInvalid, "\"key\" must be a text.");
    }
    key = std::string(wanted->get_string());
  }
  std::optional<json::value> value;
  if (const json::value* wanted = json::find(*body, "value")) {
    value = *wanted;
  }
  auto made = change(parts, [&](store::Transaction& tx) {
    return parts.dataStores.patch(tx, userOf(request), request.param("storeId"), request.param("key"), key, value);
  });
  return answered(std::move(made), true);
}

Answer moveRecord(const Parts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string target = json::getString(*body, "storeId");
  if (target.empty()) {
    return base::fail(base::Code::kInvalid, "\"storeId\" must name the data store to move the record to.");
  }
  auto made = change(parts, [&](store::Transaction& tx) {
    return parts.dataStores.move(tx, userOf(request), request.param("storeId"), request.param("key"), target);
  });
  return answered(std::move(made), true);
}

Answer eraseRecord(const Parts& parts, const Request& request) {
  const std::string& storeId = request.param("storeId");
  const std::string& key = request.param("key");
  auto made = change(parts, [&](store::Transaction& tx) {
    return key == "*" ? parts.dataStores.clear(tx, userOf(request), storeId)
                      : parts.dataStores.erase(tx, userOf(request), storeId, key);
  });
  return answered(std::move(made), false);
}

// [{key, storeId}]: all or, when a store is not the user's, none.
Answer eraseRecords(const Parts& parts, const Request& request) {
  auto body = request.json();
  if (!body) {
    return body.error();
  }
  const json::array* wanted = body->if_array();
  if (wanted == nullptr || wanted->size() > kMaxErased) {
    return base::fail(base::Code::kInvalid, "The body must be an array of at most 10000 {key, storeId}.");
  }
  std::int64_t deleted = 0;
  auto made = change(parts, [&](store::Transaction& tx) -> base::Result<Change> {
    Change all;
    for (const json::value& item : *wanted) {
      const json::object* one = item.if_object();
      if (one == nullptr) {
        return base::fail(base::Code::kInvalid, "The body must be an array of {key, storeId}.");
      }
      auto erased =
          parts.dataStores.erase(tx, userOf(request), json::getString(*one, "storeId"), json::getString(*one, "key"));
      if (!erased) {
        return erased.error();
      }
      deleted += erased->happened ? 1 : 0;
      std::move(erased->calls.begin(), erased->calls.end(), std::back_inserter(all.calls));
    }
    return all;
  });
  if (!made) {
    return made.error();
  }
  return jsonResponse(json::object{{"deletedCount", deleted}});
}

void addCsvField(std::string_view text, std::string& csv) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    csv += text;
    return;
  }
  csv += '"';
  for (const char c : text) {
    csv += c == '"' ? "\"\"" : std::string(1, c);
  }
  csv += '"';
}

std::string csvOf(const json::array& records) {
  std::string csv = "key,value,createdAt,updatedAt\r\n";
  for (const json::value& item : records) {
    const json::object& record = item.get_object();
    addCsvField(json::getString(record, "key"), csv);
    csv += ',';
    const json::value& value = record.at("value");
    addCsvField(value.is_string() ? std::string(value.get_string()) : json::write(value), csv);
    csv += ',' + json::getString(record, "createdAt") + ',' + json::getString(record, "updatedAt") + "\r\n";
  }
  return csv;
}

Answer download(const Parts& parts, const Request& request) {
  const std::string format = request.queryValue("format").value_or("json");
  if (format != "json" && format != "csv") {
    return base::fail(base::Code::kInvalid, "\"format\" must be json or csv.");
  }
  datastores::Search search;
  search.storeId = request.param("storeId");
  search.sort = "key";
  search.descending = false;
  search.limit = -1;
  auto records = look(parts, [&](store::Transaction& tx) {
    return parts.dataStores.search(tx, userOf(request), search);
  });
  if (!records) {
    return records.error();
  }
  Response response;
  response.contentType = "application/octet-stream";
  response.body = format == "csv" ? csvOf(*records) : json::write(json::value(std::move(*records)));
  if (response.body.size() > kMaxDownloadBytes) {
    return base::fail(base::Code::kTooLarge, "The data store is over 64 MiB; list its records in pages instead.");
  }
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + search.storeId + "." + format + "\"");
  return response;
}

}  // namespace

void addDataStoreRoutes(Router& router, DataStoreParts given) {
  const auto parts = std::make_shared<const Parts>(std::move(given));
  using Run = Answer (*)(const Parts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(*parts, request); };
  };
  const std::string large = "LIMIT_MESSAGE_MAX_BYTES";
  router.add(Method::kGet, "/stores", {}, "List data stores", with(listStores));
  router.add(Method::kPost, "/stores", {.grows = true}, "Make a data store", with(createStore));
  router.add(Method::kGet, "/stores/:id", {}, "One data store", with(getStore));
  router.add(Method::kPut, "/stores/:id", {}, "Rename a data store", with(renameStore));
  router.add(Method::kDelete, "/stores/:id", {}, "Remove a data store with its records",
             with(removeStore));
  router.add(Method::kGet, "/store/count", {}, "Count the records of a data store",
             with(countRecords));
  router.add(Method::kGet, "/store", {}, "List the records of a data store", with(listRecords));
  router.add(Method::kDelete, "/store", {}, "Remove records", with(eraseRecords));
  router.add(Method::kGet, "/store/download/:storeId", {}, "All records as JSON or CSV",
             with(download));
  router.add(Method::kGet, "/store/:storeId/find/:pattern", {}, "Records whose key contains a text",
             with(findRecords));
  router.add(Method::kGet, "/store/:storeId/:key", {}, "One record", with(getRecord));
  router.add(Method::kPost, "/store/:storeId/:key", {.limit = large, .grows = true},
             "Create or overwrite a record", with(setRecord));
  router.add(Method::kPatch, "/store/:storeId/:key", {.limit = large, .grows = true}, "Rename or change a record",
             with(patchRecord));
  router.add(Method::kPut, "/store/:storeId/:key", {}, "Move a record to another data store",
             with(moveRecord));
  router.add(Method::kDelete, "/store/:storeId/:key", {}, "Remove a record; * removes all",
             with(eraseRecord));
}

}  // namespace patchbay::http
