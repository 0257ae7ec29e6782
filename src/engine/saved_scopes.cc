#include "engine/saved_scopes.h"

#include "base/json.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {

std::string ownerOf(const std::string& flowId, const std::string& componentId) {
  return "w:" + flowId + ":" + componentId;
}

}  // namespace

store::Unit saveScope(const Attempt& attempt, std::int64_t now) {
  std::string saved = "{\"saved\":" + std::to_string(now) + ",\"scope\":[";
  bool first = true;
  for (const queue::ScopeItem& item : *attempt.message->scope) {
    saved += std::exchange(first, false) ? "[" : ",[";
    json::writeString(item.component, saved);
    saved.push_back(',');
    json::writeString(item.port, saved);
    saved += "," + item.payload->json + "]";
  }
  saved += "]}";
  return [owner = ownerOf(attempt.message->flowId, attempt.componentId()), key = attempt.message->correlationId,
          saved = std::move(saved)](store::Transaction& tx) {
    tx.states().put(owner, key, saved);
    return base::Status();
  };
}

base::Result<queue::ScopePtr> loadScope(store::Store& store, queue::MessageQueue& queue, const std::string& flowId,
                          const std::string& componentId, const std::string& correlationId, queue::Emission& emission) {
  auto scope = std::make_shared<queue::Scope>();
  std::optional<std::string> saved;
  const base::Status status = store.read([&](store::Transaction& tx) {
    saved = tx.states().get(ownerOf(flowId, componentId), correlationId);
  });
  if (!status) {
    return status.error();
  }
  if (!saved) {
    return queue::ScopePtr(std::move(scope));
  }
  const json::value document = json::parseOwn(*saved);
  for (const json::value& row : json::getArray(document.as_object(), "scope")) {
    const json::array& cells = row.as_array();
    auto payload = queue.makePayload(json::write(cells.at(2)));
    emission.payloads.push_back(payload);
    scope->push_back({std::string(cells.at(0).as_string()), std::string(cells.at(1).as_string()), std::move(payload)});
  }
  return queue::ScopePtr(std::move(scope));
}

}  // namespace patchbay::engine
