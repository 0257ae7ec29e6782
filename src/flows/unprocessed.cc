#include "flows/unprocessed.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/clock.h"
#include "base/json.h"

namespace patchbay::flows {
namespace {

using boost::json::object;
using boost::json::value;
using Records = std::vector<store::UnprocessedRecord>;

base::Error messageNotFound(const std::string& messageId) {
  return base::fail(base::Code::kNotFound, "Unprocessed message " + messageId + " was not found.");
}

void copyOr(const object& document, std::string_view name, value absent, object& wire) {
  const value* kept = json::find(document, name);
  wire[name] = kept == nullptr ? std::move(absent) : *kept;
}

}  // namespace

base::Result<Unprocessed::Scope> Unprocessed::scopeOf(const access::Caller& caller, const std::string& flowId) {
  if (!flowId.empty()) {
    auto flow = flows_.find(caller, flowId, Right::kRead);
    return flow ? base::Result<Scope>(Scope{"", {flowId}, false}) : base::Result<Scope>(flow.error());
  }
  if (caller.isAdmin()) {  // S74
    return Scope{"", {}, true};
  }
  auto shared = flows_.sharedWith(caller);
  if (!shared) {
    return shared.error();
  }
  Scope scope{caller.userId, {}, false};
  for (const store::FlowRecord& flow : *shared) {
    scope.flowIds.push_back(flow.flowId);
  }
  return scope;
}

base::Result<std::int64_t> Unprocessed::count(const access::Caller& caller, const std::string& flowId) {
  auto scope = scopeOf(caller, flowId);
  if (!scope) {
    return scope.error();
  }
  std::int64_t sum = 0;
  const base::Status status = store_.read([&](store::Transaction& rows) {
    sum = scope->all || !scope->owner.empty() ? rows.unprocessed().count(scope->owner, "") : 0;
    for (const std::string& id : scope->flowIds) {
      sum += rows.unprocessed().count("", id);
    }
  });
  return status ? base::Result<std::int64_t>(sum) : base::Result<std::int64_t>(status.error());
}

base::Result<Records> Unprocessed::list(const access::Caller& caller,
                                        const UnprocessedQuery& query) {
  auto scope = scopeOf(caller, query.flowId);
  if (!scope) {
    return scope.error();
  }
  Records records;
  const auto status = store_.read([&](store::Transaction& rows) {
    if (scope->all || !scope->owner.empty()) {
      records = rows.unprocessed().list(scope->owner, "", query.correlationId, 0, query.limit);
    }
    for (const std::string& flowId : scope->flowIds) {
      auto more = rows.unprocessed().list("", flowId, query.correlationId, 0, query.limit);
      std::move(more.begin(), more.end(), std::back_inserter(records));
    }
  });
  if (!status) {
    return status.error();
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.created > b.created; });
  if (records.size() > static_cast<std::size_t>(query.limit)) {
    records.resize(static_cast<std::size_t>(query.limit));
  }
  return records;
}

base::Result<store::UnprocessedRecord> Unprocessed::find(const access::Caller& caller,
                                                         const std::string& messageId,
                                                         Right right) {
  std::optional<store::UnprocessedRecord> record;
  const auto reader = [&](store::Transaction& rows) {
    record = rows.unprocessed().byId(messageId);
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  if (!record) {
    return messageNotFound(messageId);
  }
  if (auto flow = flows_.find(caller, record->flowId, right); !flow) {
    return flow.error().code == base::Code::kNotFound ? messageNotFound(messageId) : flow.error();
  }
  return *std::move(record);
}

base::Status Unprocessed::remove(const access::Caller& caller, const std::string& messageId) {
  if (auto record = find(caller, messageId, Right::kWrite); !record) {
    return record.error();
  }
  return store_.write([&messageId](store::Transaction& rows) -> base::Status {
    return rows.unprocessed().erase(messageId) ? base::Status() : messageNotFound(messageId);
  });
}

object wireUnprocessed(const store::UnprocessedRecord& record) {
  const value whole = json::parseOwn(record.document);
  const object& document = whole.as_object();
  object wire;
  wire["messageId"] = record.messageId;
  wire["flowId"] = record.flowId;
  wire["componentId"] = record.componentId;
  wire["componentType"] = record.componentType;
  wire["userId"] = record.userId;
  wire["correlationId"] = boost::json::array{value(record.correlationId)};
  wire["created"] = base::toIso(base::fromMillis(record.created));
  copyOr(document, "target", "input-queue", wire);
  const value* err = json::find(document, "err");
  wire["err"] = err == nullptr ? value("{}") : err->is_string() ? *err : value(json::write(*err));
  copyOr(document, "messages", object(), wire);
  return wire;
}

}  // namespace patchbay::flows
