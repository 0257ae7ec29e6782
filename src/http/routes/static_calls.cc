#include "http/routes/static_calls.h"

#include <utility>

#include "base/json.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

// The flow of the component that asks: "" when it is in none that is saved. kNotFound when it is in one of somebody else.
base::Result<std::string> flowOf(const StaticCallParts& parts, const Request& request, const std::string& componentId) {
  std::vector<store::FlowComponentRecord> rows;
  const base::Status read = parts.store.read([&](store::Transaction& tx) { rows = tx.flows().componentsById(componentId); });
  if (!read) {
    return read.error();
  }
  std::string flowId;
  for (const store::FlowComponentRecord& row : rows) {
    if (!parts.flows.find(*request.caller, row.flowId, flows::Right::kWrite)) {
      continue;
    }
    if (!flowId.empty()) {
      return base::fail(base::Code::kConflict, "Component " + componentId + " is in several of your flows (R30).");
    }
    flowId = row.flowId;
  }
  if (flowId.empty() && !rows.empty()) {
    return base::fail(base::Code::kNotFound, "Component " + componentId + " was not found.");
  }
  return flowId;
}

base::Result<std::string> objectText(const json::object& body, std::string_view name) {
  const json::value* value = json::find(body, name);
  if (value == nullptr || value->is_null()) {
    return std::string("{}");
  }
  if (!value->is_object()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be an object.");
  }
  return json::write(*value);
}

base::Result<engine::StaticCall> callOf(const StaticCallParts& parts, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  engine::StaticCall call;
  call.type = request.param("vendor") + "." + request.param("service") + "." + request.param("module") + "." +
              request.param("component");
  if (!parts.acl.mayUse(*request.caller, call.type, true)) {
    return base::fail(base::Code::kForbidden, "You may not use component " + call.type + ".");
  }
  call.userId = request.caller->userId;
  call.componentId = json::getString(*body, "componentId");
  call.outPort = request.queryValue("outPort").value_or("");
  call.transform = json::getString(*body, "transform");
  auto properties = objectText(*body, "properties");
  auto messages = objectText(*body, "messages");
  if (!properties || !messages) {
    return properties ? messages.error() : properties.error();
  }
  call.properties = std::move(*properties);
  call.messages = std::move(*messages);
  if (!call.componentId.empty()) {
    auto flowId = flowOf(parts, request, call.componentId);
    if (!flowId) {
      return flowId.error();
    }
    call.flowId = std::move(*flowId);
  }
  return call;
}

void run(const StaticCallParts& parts, const Request& request, Respond respond) {
  auto call = callOf(parts, request);
  if (!call) {
    respond(call.error());
    return;
  }
  parts.calls.run(std::move(*call),
                  [respond = std::move(respond)](base::Result<std::string> value) {
                    if (value) {
                      respond(jsonText(std::move(*value)));
                    } else {
                      respond(value.error());
                    }
                  });
}

}  // namespace

void addStaticCallRoute(Router& router, StaticCallParts parts) {
  router.add(Method::kPost, "/component/:vendor/:service/:module/:component", {},
             "Run a component once, outside any flow, for the options of a form",
             [parts](const Request& request, Respond respond) {
               run(parts, request, std::move(respond));
             });
}

}  // namespace patchbay::http
