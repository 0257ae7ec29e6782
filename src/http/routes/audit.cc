#include "http/routes/audit.h"

#include "base/json.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

const ListQuery::Fields& fields() {
  static const ListQuery::Fields kFields{"id", {"name", "action", "resource"}};
  return kFields;
}

// The value of filter=<path>:<value>, for the index; the list query looks at all filters again.
std::string equalTo(const Request& request, const std::string& path) {
  for (const std::string& filter : request.queryValues("filter")) {
    const std::string value = filter.starts_with(path + ":") ? filter.substr(path.size() + 1) : "";
    if (!value.empty() && value[0] != '!' && value[0] != '~') {
      return value;
    }
  }
  return "";
}

base::Status eachMatch(const access::Audit& audit, const Request& request, const ListQuery& query,
                       const std::function<bool(const json::value&)>& take) {
  return audit.walk(equalTo(request, "resource"), equalTo(request, "name"),
                    [&](json::object entry) {
                      const json::value document(std::move(entry));
                      return !query.matches(document, fields()) || take(document);
                    });
}

Answer listEntries(const access::Audit& audit, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  json::array page;
  std::size_t skipped = 0;
  const auto status = eachMatch(audit, request, *query, [&](const json::value& entry) {
    if (skipped < query->offset()) {
      ++skipped;
    } else if (page.size() < query->limit()) {
      page.push_back(query->project(entry, fields()));
    }
    return page.size() < query->limit();
  });
  return status ? Answer(jsonResponse(std::move(page))) : Answer(status.error());
}

Answer countEntries(const access::Audit& audit, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  std::int64_t count = 0;
  const auto status = eachMatch(audit, request, *query, [&](const json::value&) {
    ++count;
    return true;
  });
  return status ? Answer(jsonResponse(json::object{{"count", count}})) : Answer(status.error());
}

}  // namespace

void addAuditRoutes(Router& router, access::Audit& audit) {
  router.add(Method::kGet, "/audit", {.access = Access::kAdmin}, "Who changed what, newest first",
             [&audit](Request& request) { return listEntries(audit, request); });
  router.add(Method::kGet, "/audit/count", {.access = Access::kAdmin}, "Count entries of the audit",
             [&audit](Request& request) { return countEntries(audit, request); });
}

}  // namespace patchbay::http
