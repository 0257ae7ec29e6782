#include "http/routes/flow_change.h"

#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "flows/wait_for_command.h"
#include "http/entity_tag.h"

namespace patchbay::http {

namespace {

base::Result<flows::InProgressData> inProgressData(const Request& request) {
  const std::string word = request.queryValue("inProgressData").value_or("keep");
  if (word != "keep" && word != "delete") {
    return base::fail(base::Code::kInvalid, "\"inProgressData\" must be keep or delete.");
  }
  return word == "keep" ? flows::InProgressData::kKeep : flows::InProgressData::kDelete;
}

}  // namespace

std::string flowTag(std::int64_t mtime) {
  return entityTag(base::toIso(base::fromMillis(mtime)));
}

void nameForbidden(const FlowParts& parts, const Request& request, const json::object& body,
                   json::object& answer) {
  json::array warnings;
  for (const auto& [id, node] : json::getObject(body, "flow")) {
    const std::string type =
        node.is_object() ? json::getString(node.get_object(), "type") : std::string();
    const connectors::Found found = parts.registry.find(type);
    if (found && !parts.acl.mayUse(*request.caller, type, found.component->isPrivate)) {
      warnings.push_back(json::object{
          {"componentId", id},
          {"message", "You may not use component " + type + "; the flow will not start."}});
    }
  }
  if (!warnings.empty()) {
    answer["warnings"] = std::move(warnings);
  }
}

base::Result<Response> changeFlow(const FlowParts& parts, const Request& request,
                                  const json::object& body) {
  auto data = inProgressData(request);
  if (!data) {
    return data.error();
  }
  const std::string& flowId = request.param("id");
  flows::PutOptions options;
  options.forceUpdate = request.queryValue("forceUpdate").value_or("") == "true";
  if (request.headers.contains("if-match")) {
    options.expected = [&request](const store::FlowRecord* current) {
      return current != nullptr && ifMatch(request, flowTag(current->mtime));
    };
  }
  auto put = parts.flows.put(*request.caller, flowId, body, options);
  if (!put) {
    return put.error();
  }
  if (put->running) {
    auto status = flows::waitForCommand([&](flows::Coordinator::Told told) {
      parts.coordinator.restartChanged(flowId, *data, std::move(told));
    });
    if (!status) {
      return status.error();
    }
  }
  json::object answer{{"flowId", flowId},
                      {"result", put->created ? "created" : "updated"},
                      {"mtime", base::toIso(base::fromMillis(put->mtime))}};
  nameForbidden(parts, request, body, answer);
  Response response = jsonResponse(std::move(answer));
  response.headers.emplace_back("ETag", flowTag(put->mtime));
  return response;
}

}  // namespace patchbay::http
