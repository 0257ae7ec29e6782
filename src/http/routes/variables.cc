#include "http/routes/variables.h"

#include <utility>

#include "base/json.h"
#include "flows/flow_document.h"
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

base::Result<Response> fetch(const FlowParts& parts, const Request& request) {
  auto asked = askedFor(request);
  if (!asked) {
    return asked.error();
  }
  auto record = parts.flows.find(*request.caller, request.param("flowId"), flows::Right::kRead);
  if (!record) {
    return record.error();
  }
  auto flow = flows::loadFlow(*std::move(record));
  if (!flow) {
    return flow.error();
  }
  auto variables = flows::variablesOf(*(*flow)->descriptor, parts.registry, *asked);
  return variables ? base::Result<Response>(jsonResponse(std::move(*variables)))
                   : base::Result<Response>(variables.error());
}

}  // namespace

void addVariableRoutes(Router& router, const FlowParts& parts) {
  router.add(Method::kPost, "/variables/:flowId/fetch", {.family = "flows"},
             "Variables that the fields of a flow's components may use",
             [parts](Request& request) { return fetch(parts, request); });
}

}  // namespace patchbay::http
