#include "http/routes/unprocessed_messages.h"

#include <limits>
#include <utility>

#include "base/json.h"
#include "flows/unprocessed.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

// Newest entries that a list looks at when it filters or sorts them itself.
constexpr std::size_t kMostLookedAt = 10'000;

const ListQuery::Fields& fields() {
  static const ListQuery::Fields kFields{"messageId", {"messageId", "componentType"}};
  return kFields;
}

bool isWanted(const Request& request, const store::UnprocessedRecord& record) {
  const auto matches = [&](std::string_view name, const std::string& stored) {
    const auto wanted = request.queryValue(name);
    return !wanted || wanted->empty() || *wanted == stored;
  };
  return matches("componentId", record.componentId) &&
         matches("componentType", record.componentType);
}

// Whether offset and limit alone decide the page.
bool isPlain(const Request& request) {
  for (const std::string_view name :
       {"filter", "sort", "pattern", "componentId", "componentType"}) {
    if (request.queryValue(name)) {
      return false;
    }
  }
  return true;
}

base::Result<json::array> documents(flows::Unprocessed& unprocessed, const Request& request,
                                    std::size_t most) {
  flows::UnprocessedQuery query;
  query.flowId = request.queryValue("flowId").value_or("");
  query.correlationId = request.queryValue("correlationId").value_or("");
  query.limit = static_cast<std::int64_t>(most);
  auto records = unprocessed.list(*request.caller, query);
  if (!records) {
    return records.error();
  }
  json::array wire;
  for (const store::UnprocessedRecord& record : *records) {
    if (isWanted(request, record)) {
      wire.emplace_back(flows::wireUnprocessed(record));
    }
  }
  return wire;
}

Answer list(flows::Unprocessed& unprocessed, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  const bool plain =
      isPlain(request) && query->offset() < kMostLookedAt && query->limit() < kMostLookedAt;
  auto all =
      documents(unprocessed, request, plain ? query->offset() + query->limit() : kMostLookedAt);
  return all ? Answer(jsonResponse(query->apply(std::move(*all), fields()))) : Answer(all.error());
}

Answer count(flows::Unprocessed& unprocessed, const Request& request) {
  if (isPlain(request) && !request.queryValue("correlationId")) {
    auto all = unprocessed.count(*request.caller, request.queryValue("flowId").value_or(""));
    return all ? Answer(jsonResponse(json::object{{"count", *all}})) : Answer(all.error());
  }
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto all = documents(unprocessed, request, kMostLookedAt);
  return all ? Answer(jsonResponse(json::object{{"count", query->count(*all, fields())}}))
             : Answer(all.error());
}

Answer one(flows::Unprocessed& unprocessed, const Request& request) {
  auto record = unprocessed.find(*request.caller, request.param("messageId"), flows::Right::kRead);
  return record ? Answer(jsonResponse(flows::wireUnprocessed(*record))) : Answer(record.error());
}

Answer remove(flows::Unprocessed& unprocessed, const Request& request) {
  auto status = unprocessed.remove(*request.caller, request.param("messageId"));
  return status ? Answer(jsonResponse(json::object())) : Answer(status.error());
}

// On an I/O thread: reads two rows and hands on.
void retry(flows::Unprocessed& unprocessed, flows::UnprocessedReplay& replay,
           const Request& request, Respond respond) {
  const std::string messageId = request.param("messageId");
  if (auto record = unprocessed.find(*request.caller, messageId, flows::Right::kStart); !record) {
    respond(record.error());
    return;
  }
  replay.retry(messageId, [respond = std::move(respond)](base::Status status) {
    if (status) {
      respond(jsonResponse(json::object()));
    } else {
      respond(status.error());
    }
  });
}

}  // namespace

void addUnprocessedMessageRoutes(Router& router, store::Store& store, flows::Flows& flows,
                                 flows::UnprocessedReplay& replay) {
  const auto unprocessed = std::make_shared<flows::Unprocessed>(store, flows);
  using Run = Answer (*)(flows::Unprocessed&, const Request&);
  const auto with = [unprocessed](Run run) -> Handler {
    return [unprocessed, run](Request& request) { return run(*unprocessed, request); };
  };
  router.add(Method::kGet, "/unprocessed-messages", {}, "List unprocessed messages", with(list));
  router.add(Method::kGet, "/unprocessed-messages/count", {}, "Count unprocessed messages",
             with(count));
  router.add(Method::kGet, "/unprocessed-messages/:messageId", {}, "One unprocessed message",
             with(one));
  router.add(Method::kDelete, "/unprocessed-messages/:messageId", {}, "Drop an unprocessed message",
             with(remove));
  for (const std::string pattern :
       {"/unprocessed-messages/:messageId/retry", "/unprocessed-messages/:messageId"}) {
    router.add(Method::kPost, pattern, {}, "Put an unprocessed message back into its queue",
               [unprocessed, &replay](const Request& request, Respond respond) {
                 retry(*unprocessed, replay, request, std::move(respond));
               });
  }
}

}  // namespace patchbay::http
