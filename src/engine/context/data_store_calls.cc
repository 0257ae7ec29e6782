#include "engine/context/data_store_calls.h"

#include "base/json.h"
#include "datastores/data_stores.h"

namespace patchbay::engine {

namespace {

using datastores::Change;
using datastores::DataStores;

// Reads run on the background threads, over what is committed.
class StoreReads {
 public:
  using Work = std::function<base::Result<std::string>(store::Transaction&, const DataStores&, const std::string& userId,
                                                       const json::object&)>;
  StoreReads(HostCalls& calls, Parts& parts) : calls_(calls), parts_(parts) {}

  void add(const char* op, Work work) {
    HostCalls& calls = calls_;
    Parts& parts = parts_;
    calls_.add(op, [&calls, &parts, work = std::move(work)](const json::object& arguments, Answer answer) {
      const std::string userId = answer.attempt().flow->userId;
      calls.inBackground(answer, [&parts, work, userId, arguments]() -> base::Result<std::string> {
        base::Result<std::string> result = std::string("null");
        const base::Status read = parts.store.read(
            [&](store::Transaction& tx) { result = work(tx, parts.dataStores, userId, arguments); });
        return read ? result : base::Result<std::string>(read.error());
      });
    });
  }

 private:
  HostCalls& calls_;
  Parts& parts_;
};

// Writes are units; what components that listen to the store are due is stored with them.
class StoreWrites {
 public:
  using Work = std::function<base::Result<Change>(store::Transaction&, const DataStores&, const Attempt&, const json::object&)>;
  StoreWrites(HostCalls& calls, Parts& parts, WebhookIntake& intake) : calls_(calls), parts_(parts), intake_(intake) {}

  void add(const char* op, bool repliesRecord, Work work) {
    HostCalls& calls = calls_;
    Parts& parts = parts_;
    WebhookIntake& intake = intake_;
    calls_.add(op, [&calls, &parts, &intake, repliesRecord, work = std::move(work)](const json::object& arguments, Answer answer) {
      auto change = std::make_shared<Change>();
      auto due = std::make_shared<queue::Emission>();
      const AttemptPtr attempt = answer.attemptPtr();
      calls.commit(
          [&parts, &intake, attempt, arguments, work, change, due](store::Transaction& tx) -> base::Status {
            auto result = work(tx, parts.dataStores, *attempt, arguments);
            if (!result) {
              return result.error();
            }
            *change = std::move(*result);
            *due = intake.put(tx, change->calls);
            return {};
          },
          answer,
          [&intake, change, due, repliesRecord] {
            intake.adopt(std::move(*due));
            return repliesRecord ? json::write(change->record) : std::string("{}");
          });
    });
  }

 private:
  HostCalls& calls_;
  Parts& parts_;
  WebhookIntake& intake_;
};

void addReads(StoreReads& reads) {
  reads.add("storeList", [](store::Transaction& tx, const DataStores& stores, const std::string& userId,
                            const json::object&) -> base::Result<std::string> {
    json::array list;
    for (const store::DataStoreRecord& record : stores.list(tx, userId)) {
      list.push_back(json::object{{"storeId", record.storeId}, {"name", record.name}});
    }
    return json::write(list);
  });
  reads.add("storeGet", [](store::Transaction& tx, const DataStores& stores, const std::string& userId,
                           const json::object& arguments) -> base::Result<std::string> {
    auto record = stores.get(tx, userId, json::getString(arguments, "storeId"), json::getString(arguments, "key"));
    if (!record) {
      return record.error();
    }
    return *record ? json::write(**record) : std::string("null");
  });
  reads.add("storeFind", [](store::Transaction& tx, const DataStores& stores, const std::string& userId,
                            const json::object& arguments) -> base::Result<std::string> {
    auto search = datastores::readSearch(arguments);
    if (!search) {
      return search.error();
    }
    auto records = stores.search(tx, userId, *search);
    return records ? base::Result<std::string>(json::write(*records)) : base::Result<std::string>(records.error());
  });
  reads.add("storeCount", [](store::Transaction& tx, const DataStores& stores, const std::string& userId,
                             const json::object& arguments) -> base::Result<std::string> {
    auto search = datastores::readSearch(arguments);
    if (!search) {
      return search.error();
    }
    auto count = stores.count(tx, userId, *search);
    return count ? base::Result<std::string>("{\"count\":" + std::to_string(*count) + "}")
                 : base::Result<std::string>(count.error());
  });
}

void addWrites(StoreWrites& writes) {
  writes.add("storeSet", true, [](store::Transaction& tx, const DataStores& stores, const Attempt& attempt, const json::object& arguments) {
    const json::value* value = json::find(arguments, "value");
    return stores.set(tx, attempt.flow->userId, json::getString(arguments, "storeId"), json::getString(arguments, "key"),
                      value == nullptr ? json::value(nullptr) : *value);
  });
  writes.add("storeRemove", false, [](store::Transaction& tx, const DataStores& stores, const Attempt& attempt, const json::object& arguments) {
    return stores.erase(tx, attempt.flow->userId, json::getString(arguments, "storeId"), json::getString(arguments, "key"));
  });
  writes.add("storeClear", false, [](store::Transaction& tx, const DataStores& stores, const Attempt& attempt, const json::object& arguments) {
    return stores.clear(tx, attempt.flow->userId, json::getString(arguments, "storeId"));
  });
  writes.add("storeRegisterWebhook", false,
             [](store::Transaction& tx, const DataStores& stores, const Attempt& attempt, const json::object& arguments) -> base::Result<Change> {
               const base::Status listening =
                   stores.listen(tx, attempt.flow->userId, json::getString(arguments, "storeId"), attempt.flow->flowId,
                                 attempt.componentId(), json::getStrings(arguments, "events"));
               return listening ? base::Result<Change>(Change{}) : base::Result<Change>(listening.error());
             });
  writes.add("storeUnregisterWebhook", false,
             [](store::Transaction& tx, const DataStores& stores, const Attempt& attempt, const json::object& arguments) -> base::Result<Change> {
               stores.unlisten(tx, json::getString(arguments, "storeId"), attempt.flow->flowId, attempt.componentId());
               return Change{};
             });
}

}  // namespace

void addDataStoreCalls(HostCalls& calls, Parts& parts, WebhookIntake& intake) {
  StoreReads reads(calls, parts);
  addReads(reads);
  StoreWrites writes(calls, parts, intake);
  addWrites(writes);
}

}  // namespace patchbay::engine
