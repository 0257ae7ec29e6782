#include "http/routes/flows.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "flows/wait_for_command.h"
#include "flows/flow_document.h"
#include "flows/validation.h"
#include "http/body.h"
#include "http/entity_tag.h"
#include "http/list_query.h"
#include "http/routes/component_usage.h"
#include "http/routes/flow_change.h"
#include "http/routes/flow_commands.h"
#include "http/routes/flow_selection.h"
#include "http/routes/flow_versions.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

const ListQuery::Fields& fields() {
  static const ListQuery::Fields kFields{"flowId", {"name", "flowId"}};
  return kFields;
}

// Comma separated, without blanks around.
std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, comma);
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    if (!word.empty()) {
      words.emplace_back(word);
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

// Shared to the caller with all of these permissions.
bool isShared(const json::object& flow, const access::Caller& caller,
              const std::vector<std::string>& permissions) {
  const json::value* entries = json::find(flow, "sharedWith");
  if (entries == nullptr || json::getString(flow, "userId") == caller.userId) {
    return false;
  }
  const flows::Shared shared = flows::permissionsOf(*entries, caller);
  return std::all_of(permissions.begin(), permissions.end(), [&](const std::string& permission) {
    return (permission == "read" && shared.read) || (permission == "start" && shared.start) ||
           (permission == "stop" && shared.stop);
  });
}

base::Result<json::array> visibleFlows(const FlowParts& parts, const Request& request,
                                       const flows::FlowSelection& selection) {
  auto flows = parts.flows.list(*request.caller, selection);
  if (!flows) {
    return flows.error();
  }
  const auto permissions = wordsOf(request.queryValue("sharedWithPermissions").value_or(""));
  json::array documents;
  for (json::object& flow : *flows) {
    if (permissions.empty() || isShared(flow, *request.caller, permissions)) {
      documents.emplace_back(std::move(flow));
    }
  }
  return documents;
}

Answer listFlows(const FlowParts& parts, const Request& asked, bool countOnly) {
  Request request = asked;
  auto selection = takeFlowSelection(request);
  auto query = ListQuery::parse(request);
  if (!selection || !query) {
    return !selection ? selection.error() : query.error();
  }
  auto documents = visibleFlows(parts, request, *selection);
  if (!documents) {
    return documents.error();
  }
  if (countOnly) {
    return jsonResponse(json::object{{"count", query->count(*documents, fields())}});
  }
  return jsonResponse(query->apply(std::move(*documents), fields()));
}

Answer oneFlow(const FlowParts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto flow = parts.flows.get(*request.caller, request.param("id"));
  if (!flow) {
    return flow.error();
  }
  const std::string tag = entityTag(json::getString(*flow, "mtime"));
  Response response = jsonResponse(query->project(json::value(std::move(*flow)), fields()));
  response.headers.emplace_back("ETag", tag);
  return response;
}

Answer createFlow(const FlowParts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto flowId = parts.flows.create(*request.caller, *body);
  if (!flowId) {
    return flowId.error();
  }
  json::object answer{{"flowId", *flowId}};
  nameForbidden(parts, request, *body, answer);
  return jsonResponse(std::move(answer));
}

Answer putFlow(const FlowParts& parts, const Request& request) {
  auto body = objectBody(request);
  return body ? changeFlow(parts, request, *body) : Answer(body.error());
}

Answer removeFlow(const FlowParts& parts, const Request& request) {
  const std::string& flowId = request.param("id");
  if (auto flow = parts.flows.find(*request.caller, flowId, flows::Right::kWrite); !flow) {
    return flow.error();
  }
  auto status = flows::waitForCommand(
      [&](flows::Coordinator::Told told) { parts.coordinator.dropFlow(flowId, std::move(told)); });
  if (status) {
    status = parts.flows.remove(*request.caller, flowId);
  }
  return status ? Answer(jsonResponse(json::object{{"flowId", flowId}})) : Answer(status.error());
}

Answer setThumbnail(const FlowParts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const json::value* thumbnail = json::find(*body, "thumbnail");
  if (thumbnail == nullptr || !thumbnail->is_string()) {
    return base::fail(base::Code::kInvalid, "\"thumbnail\" must be a text.");
  }
  const std::string& flowId = request.param("id");
  auto status = parts.flows.setThumbnail(*request.caller, flowId, thumbnail->get_string());
  return status ? Answer(jsonResponse(json::object{{"flowId", flowId}})) : Answer(status.error());
}

flows::CloneOptions cloneOptions(const json::object& body) {
  flows::CloneOptions options;
  options.prefix = json::getString(body, "prefix");
  for (const std::string& word : wordsOf(json::getString(body, "projection"))) {
    if (word.front() == '-') {
      options.without.push_back(word.substr(1));
    }
  }
  options.connectAccounts = json::getBool(body, "connectAccounts");
  options.isTemplateInstance = json::getBool(body, "isTemplateInstance");
  options.setOriginFlowId = json::getBool(body, "setOriginFlowId");
  options.setComponentIdMap = json::getBool(body, "setComponentIdMap", true);
  for (const std::string_view field : {"sharedWith", "type", "wizard", "name", "customFields"}) {
    if (const json::value* member = json::find(json::getObject(body, "additional"), field)) {
      options.additional[field] = *member;
    }
  }
  return options;
}

Answer cloneFlow(const FlowParts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto clone = parts.flows.clone(*request.caller, request.param("id"), cloneOptions(*body));
  if (!clone) {
    return clone.error();
  }
  return jsonResponse(json::object{{"cloneId", *clone}, {"flowId", *clone}});
}

Answer validateFlow(const FlowParts& parts, const Request& request) {
  const std::string& flowId = request.param("id");
  auto record = parts.flows.find(*request.caller, flowId, flows::Right::kRead);
  if (!record) {
    return record.error();
  }
  auto flow = flows::loadFlow(*std::move(record));
  if (!flow) {
    return flow.error();
  }
  flows::Facts facts;
  const auto reader = [&](store::Transaction& rows) {
    facts = flows::factsOf(rows, flowId, parts.acl, *request.caller);
  };
  if (auto status = parts.store.read(reader); !status) {
    return status.error();
  }
  return jsonResponse(
      flows::validationBody(flows::validate(*(*flow)->descriptor, parts.registry, facts)));
}

Answer triggerUrl(const FlowParts& parts, const Request& request) {
  const std::string& componentId = request.param("componentId");
  auto flowId = parts.flows.flowOfComponent(*request.caller, componentId);
  if (!flowId) {
    return flowId.error();
  }
  return jsonResponse(
      json::object{{"url", parts.publicUrl + "/flows/" + *flowId + "/components/" + componentId}});
}

}  // namespace

void addFlowRoutes(Router& router, const FlowParts& parts) {
  using Run = Answer (*)(const FlowParts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(parts, request); };
  };
  constexpr auto kLimit = "LIMIT_FLOW_UPDATE_BYTES";
  router.add(Method::kGet, "/flows", {.family = "flows"}, "List flows",
             with([](const FlowParts& of, const Request& request) {
               return listFlows(of, request, false);
             }));
  router.add(Method::kGet, "/flows/count", {.family = "flows"}, "Count flows",
             with([](const FlowParts& of, const Request& request) {
               return listFlows(of, request, true);
             }));
  router.add(Method::kPost, "/flows", {.family = "flows", .limit = kLimit, .grows = true}, "Create a flow",
             with(createFlow));
  router.add(Method::kGet, "/flows/:id", {.family = "flows"}, "One flow", with(oneFlow));
  router.add(Method::kPut, "/flows/:id", {.family = "flows", .limit = kLimit},
             "Create or change a flow", with(putFlow));
  router.add(Method::kDelete, "/flows/:id", {.family = "flows"}, "Stop and remove a flow",
             with(removeFlow));
  router.add(Method::kPut, "/flows/:id/thumbnail", {.family = "flows", .limit = kLimit},
             "Replace the picture of a flow", with(setThumbnail));
  router.add(Method::kPost, "/flows/:id/clone", {.family = "flows", .grows = true}, "Copy a flow with new ids",
             with(cloneFlow));
  router.add(Method::kGet, "/flows/:id/validate", {.family = "flows"}, "What is wrong with a flow",
             with(validateFlow));
  router.add(Method::kGet, "/triggers/:componentId/url", {.family = "flows"},
             "Webhook address of a component", with(triggerUrl));
  addFlowVersionRoutes(router, parts);
  addFlowCommandRoutes(router, parts);
  addComponentUsageRoutes(router, parts.store);
}

}  // namespace patchbay::http
