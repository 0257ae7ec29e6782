#include "http/routes/variables.h"

#include <utility>

#include "base/json.h"
#include "flows/flow_document.h"
#include "flows/sharing.h"
#include "flows/source_call.h"
#include "flows/variables.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

base::Result<flows::VariablesAsked> askedFor(const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  flows::VariablesAsked asked;
  asked.flow = json::getBool(*body, "flow", true);
  asked.compress = request.queryValue("compress").value_or("") == "true";
  const json::value* components = json::find(*body, "components");
  if (components == nullptr || components->is_null()) {
    return asked;
  }
  if (!components->is_object()) {
    return base::fail(base::Code::kInvalid,
                      "\"components\" must be an object: IDs, links, properties.");
  }
  asked.links = json::getBool(components->get_object(), "links", true);
  asked.properties = json::getBool(components->get_object(), "properties", true);
  for (const json::value& id : json::getArray(components->get_object(), "IDs")) {
    if (!id.is_string()) {
      return base::fail(base::Code::kInvalid, "\"components.IDs\" must be an array of texts.");
    }
    asked.componentIds.emplace(id.get_string());
  }
  return asked;
}

flows::FetchedFields fieldsOf(const FlowParts& parts, engine::SourceLookups& lookups,
                              const Request& request, const flows::LoadedFlow& flow,
                              const flows::VariablesAsked& asked) {
  const access::Caller& caller = *request.caller;
  std::vector<flows::SourceCall> calls;
  if (asked.links) {
    calls = flows::outPortSources(flows::sendersFor(*flow.descriptor, asked), parts.registry);
  }
  // After the ports': theirs are what a flow is built with.
  for (flows::SourceCall& call :
       flows::formSources(flows::askedNodes(*flow.descriptor, asked), parts.registry,
                          {.inPorts = asked.links, .properties = asked.properties})) {
    if (calls.size() < flows::kMostSources) {
      calls.push_back(std::move(call));
    }
  }
  std::erase_if(calls, [&](const flows::SourceCall& call) {
    return !parts.acl.mayUse(caller, call.type, true);
  });
  const bool remembered = json::getBool(objectBody(request).value(), "useCache", true);
  auto answers =
      lookups.ask({flow.record.flowId, caller.userId, flow.record.version}, calls, remembered);
  flows::FetchedFields fields;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    fields.emplace(std::pair(calls[i].componentId, calls[i].port),
                   answers[i] ? json::parse(*answers[i], "What the component answered", 64)
                              : base::Result<json::value>(answers[i].error()));
  }
  return fields;
}

base::Result<Response> fetch(const FlowParts& parts, engine::SourceLookups& lookups,
                             const Request& request) {
  auto asked = askedFor(request);
  if (!asked) {
    return asked.error();
  }
  auto record = parts.flows.find(*request.caller, request.param("flowId"), flows::Right::kRead);
  if (!record) {
    return record.error();
  }
  const bool mayAsk = flows::checkRight(*record, *request.caller, flows::Right::kWrite).has_value();
  auto flow = flows::loadFlow(*std::move(record));
  if (!flow) {
    return flow.error();
  }
  const auto fields =
      mayAsk ? fieldsOf(parts, lookups, request, **flow, *asked) : flows::FetchedFields();
  auto variables = flows::variablesOf(*(*flow)->descriptor, parts.registry, *asked, fields);
  return variables ? base::Result<Response>(jsonResponse(std::move(*variables)))
                   : base::Result<Response>(variables.error());
}

}  // namespace

void addVariableRoutes(Router& router, const FlowParts& parts, engine::SourceLookups& lookups) {
  router.add(Method::kPost, "/variables/:flowId/fetch", {.family = "flows"},
             "Variables that the fields of a flow's components may use",
             [parts, &lookups](Request& request) { return fetch(parts, lookups, request); });
}

}  // namespace patchbay::http
