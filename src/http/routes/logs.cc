#include "http/routes/logs.h"

#include <charconv>
#include <utility>

#include "base/json.h"
#include "http/body.h"
#include "http/routes/log_scope.h"
#include "insights/search.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

struct Parts {
  insights::LogSearch search;
  flows::Flows& flows;
};

std::vector<std::string> textsOf(const Request& request, std::string_view name) {
  std::vector<std::string> texts;
  for (std::string& text : request.queryValues(name)) {
    if (!text.empty()) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

// Comma lists, repeatable.
void addNames(const Request& request, std::string_view parameter, std::vector<std::string>& names) {
  for (const std::string& list : request.queryValues(parameter)) {
    for (std::size_t at = 0; at < list.size();) {
      const std::size_t comma = std::min(list.find(',', at), list.size());
      std::string name = list.substr(at, comma - at);
      std::erase(name, ' ');
      at = comma + 1;
      if (!name.empty()) {
        names.push_back(std::move(name));
      }
    }
  }
}

base::Result<std::int64_t> numberOf(const Request& request, std::string_view name, std::int64_t absent) {
  const auto text = request.queryValue(name);
  if (!text || text->empty()) {
    return absent;
  }
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (failure != std::errc() || end != text->data() + text->size() || number < 0) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be a number.");
  }
  return number;
}

base::Result<insights::LogQuery> queryOf(Parts& parts, const Request& request) {
  insights::LogQuery query;
  auto scope = logScopeOf(parts.flows, *request.caller);
  if (!scope) {
    return scope.error();
  }
  query.scope = std::move(*scope);
  query.flowIds = textsOf(request, "flowId");
  query.portTypes = textsOf(request, "portType");
  query.query = request.queryValue("query").value_or("");
  query.trace = request.queryValue("trace").value_or("") == "true";
  query.sort = textsOf(request, "sort");
  query.searchAfter = textsOf(request, "searchAfter");
  if (query.searchAfter.empty()) {
    query.searchAfter = textsOf(request, "search_after");
  }
  for (const auto& [name, target] : {std::pair("from", &query.from), {"size", &query.size}}) {
    auto number = numberOf(request, name, *target);
    if (!number) {
      return number.error();
    }
    *target = *number;
  }
  addNames(request, "includes", query.includes);
  addNames(request, "excludes", query.excludes);
  addNames(request, "exclude", query.excludes);
  return query;
}

Answer search(Parts& parts, const Request& request) {
  auto query = queryOf(parts, request);
  if (!query) {
    return query.error();
  }
  if (request.method == Method::kPost) {
    auto body = objectBody(request);
    if (!body) {
      return body.error();
    }
    for (const char* name : {"aggs", "aggregations"}) {
      const json::value* wanted = json::find(*body, name);
      if (wanted != nullptr && wanted->is_object()) {
        query->aggregations = wanted->get_object();
      }
    }
  }
  auto found = parts.search.search(*query);
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

Answer one(Parts& parts, const Request& request) {
  auto scope = logScopeOf(parts.flows, *request.caller);
  if (!scope) {
    return scope.error();
  }
  auto found = parts.search.one(*scope, request.param("id"));
  return found ? Answer(jsonResponse(std::move(*found))) : Answer(found.error());
}

}  // namespace

void addLogRoutes(Router& router, insights::FlowLog& log, flows::Flows& flows, const base::Clock& clock) {
  const std::shared_ptr<Parts> parts(new Parts{insights::LogSearch(log, clock), flows});
  using Run = Answer (*)(Parts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(*parts, request); };
  };
  router.add(Method::kGet, "/logs", {}, "Search the logs of flows", with(search));
  router.add(Method::kPost, "/logs", {}, "Search the logs of flows, with aggregations",
             with(search));
  router.add(Method::kGet, "/logs/:index/:id", {}, "One log record", with(one));
  router.add(Method::kGet, "/log/:index/:id", {}, "One log record (old path)", with(one));
}

}  // namespace patchbay::http
