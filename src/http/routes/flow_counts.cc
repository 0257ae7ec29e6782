#include "http/routes/flow_counts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/json.h"
#include "flows/descriptor.h"
#include "insights/log_fields.h"
#include "insights/search.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Port = std::pair<std::string, std::string>;  // component id, out port

constexpr std::int64_t kHour = 60 * 60 * 1000;
constexpr std::int64_t kMostBuckets = 1'000;

struct Parts {
  insights::LogSearch search;
  flows::Flows& flows;
  const base::Clock& clock;
};

base::Result<std::int64_t> sinceOf(const Parts& parts, const Request& request,
                                   const store::FlowRecord& flow) {
  const std::int64_t now = base::toMillis(parts.clock.now());
  const auto text = request.queryValue("from");
  if (!text) {
    return std::max(flow.started, now - kHour);
  }
  const auto time = insights::timeOf(*text, now);
  return time ? base::Result<std::int64_t>(*time)
              : base::fail(base::Code::kInvalid,
                           "\"from\" must be a time: ISO, ms since 1970, or as in now-7d.");
}

json::object termsOf(const char* field) {
  return {{"terms", json::object{{"field", field}, {"size", kMostBuckets}}}};
}

base::Result<std::map<Port, std::int64_t>> sentSince(Parts& parts, const std::string& flowId,
                                                     std::int64_t since) {
  json::object components = termsOf("componentId");
  components["aggs"] = json::object{{"ports", termsOf("port")}};
  insights::LogQuery query;
  query.scope.flowIds = {flowId};
  query.flowIds = {flowId};
  query.portTypes = {"out"};
  query.query = "type:data AND gridTimestamp:[\"" + base::toIso(base::fromMillis(since)) + "\" TO *]";
  query.size = 0;
  query.aggregations = json::object{{"components", std::move(components)}};
  const auto found = parts.search.search(query);
  if (!found) {
    return found.error();
  }
  std::map<Port, std::int64_t> sent;
  const auto bucketsOf = [](const json::object& within, std::string_view name) -> const json::array& {
    return json::getArray(json::getObject(within, name), "buckets");
  };
  for (const json::value& component : bucketsOf(json::getObject(*found, "aggregations"), "components")) {
    for (const json::value& port : bucketsOf(component.as_object(), "ports")) {
      sent[{json::getString(component.as_object(), "key"), json::getString(port.as_object(), "key")}] =
          json::getInt(port.as_object(), "doc_count").value_or(0);
    }
  }
  return sent;
}

Answer counts(Parts& parts, const Request& request) {
  const auto flow = parts.flows.find(*request.caller, request.param("id"), flows::Right::kRead);
  if (!flow) {
    return flow.error();
  }
  const auto since = sinceOf(parts, request, *flow);
  if (!since) {
    return since.error();
  }
  const json::value document = json::parseOwn(flow->document);
  const json::value* graph = json::find(document, "flow");
  const auto descriptor =
      flows::Descriptor::parse(graph == nullptr ? json::value(json::object()) : *graph);
  if (!descriptor) {
    return descriptor.error();
  }
  auto sent = sentSince(parts, flow->flowId, *since);
  if (!sent) {
    return sent.error();
  }
  json::array links;
  for (const flows::Node& node : (*descriptor)->nodes()) {
    for (const flows::Link& link : node.incoming) {
      const auto at = sent->find({link.source, link.outPort});
      links.push_back(json::object{{"source", link.source},
                                   {"outPort", link.outPort},
                                   {"target", node.id},
                                   {"inPort", link.inPort},
                                   {"count", at == sent->end() ? 0 : at->second}});
    }
  }
  return jsonResponse(
      json::object{{"since", base::toIso(base::fromMillis(*since))}, {"links", std::move(links)}});
}

}  // namespace

void addFlowCountsRoute(Router& router, insights::FlowLog& log, flows::Flows& flows,
                        const base::Clock& clock) {
  const std::shared_ptr<Parts> parts(new Parts{insights::LogSearch(log, clock), flows, clock});
  router.add(Method::kGet, "/flows/:id/counts", {.family = "flows"},
             "How many messages each link of a flow carried",
             [parts](Request& request) { return counts(*parts, request); });
}

}  // namespace patchbay::http
