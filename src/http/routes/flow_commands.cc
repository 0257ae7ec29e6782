#include "http/routes/flow_commands.h"

#include <utility>

#include "base/json.h"
#include "http/body.h"

namespace patchbay::http {

namespace {

// Handlers here run on an I/O thread: they read one row, hand the command on and answer when the
// engine tells.

struct Command {
  bool start = false;
  bool background = false;
  flows::InProgressData data = flows::InProgressData::kDefault;
};

bool isTrue(const json::value* member) {
  return member != nullptr && ((member->is_bool() && member->get_bool()) ||
                               (member->is_string() && member->get_string() == "true"));
}

base::Result<flows::InProgressData> inProgressData(const Request& request,
                                                   const json::object& body) {
  std::string word = json::getString(body, "inProgressData");
  if (const auto text = request.queryValue("inProgressData")) {
    word = *text;
  }
  if (word.empty()) {
    return flows::InProgressData::kDefault;
  }
  if (word != "keep" && word != "delete") {
    return base::fail(base::Code::kInvalid, "\"inProgressData\" must be keep or delete.");
  }
  return word == "keep" ? flows::InProgressData::kKeep : flows::InProgressData::kDelete;
}

base::Result<Command> readCommand(const Request& request, const json::object& body) {
  Command command;
  const std::string word = json::getString(body, "command");
  if (word != "start" && word != "stop") {
    return base::fail(base::Code::kInvalid, "\"command\" must be start or stop.");
  }
  command.start = word == "start";
  command.background = request.queryValue("background").value_or("") == "true" ||
                       isTrue(json::find(body, "background"));
  auto data = inProgressData(request, body);
  if (!data) {
    return data.error();
  }
  command.data = *data;
  return command;
}

void obey(const FlowParts& parts, const Request& request, const Command& command, Respond respond) {
  const std::string flowId = request.param("id");
  const access::Caller& caller = *request.caller;
  auto flow =
      parts.flows.find(caller, flowId, command.start ? flows::Right::kStart : flows::Right::kStop);
  if (!flow) {
    respond(flow.error());
    return;
  }
  flows::Coordinator::Told told = [flowId, respond](base::Status status) {
    if (status) {
      respond(jsonResponse(json::object{{"flowId", flowId}}));
    } else {
      respond(status.error());
    }
  };
  if (command.background) {
    told = [](const base::Status&) {};  // its outcome stands in coordinator/status
  }
  if (command.start) {
    parts.coordinator.start(flowId, caller, std::move(told));
  } else {
    const auto reason =
        flow->userId == caller.userId ? flows::StopReason::kOwner : flows::StopReason::kAdmin;
    parts.coordinator.stop(flowId, reason, command.data, std::move(told));
  }
  if (command.background) {
    respond(jsonResponse(json::object{{"flowId", flowId}, {"ticket", flowId}}));
  }
}

void coordinate(const FlowParts& parts, const Request& request, Respond respond) {
  auto body = objectBody(request);
  if (!body) {
    respond(body.error());
    return;
  }
  auto command = readCommand(request, *body);
  if (!command) {
    respond(command.error());
    return;
  }
  obey(parts, request, *command, std::move(respond));
}

base::Result<flows::Injection> readInjection(const Request& request, const json::object& body) {
  flows::Injection injection;
  injection.flowId = request.param("id");
  injection.componentId = json::getString(body, "componentId");
  injection.inPort = json::getString(body, "inputPort");
  if (injection.componentId.empty() || injection.inPort.empty()) {
    return base::fail(base::Code::kInvalid,
                      "Send {\"command\": \"start\"|\"stop\"}, or a message: {\"componentId\", "
                      "\"inputPort\", \"content\"}.");
  }
  const json::value* content = json::find(body, "content");
  injection.content = content == nullptr ? "{}" : json::write(*content);
  return injection;
}

void inject(const FlowParts& parts, const Request& request, const json::object& body,
            Respond respond) {
  auto injection = readInjection(request, body);
  if (!injection) {
    respond(injection.error());
    return;
  }
  auto flow = parts.flows.find(*request.caller, injection->flowId, flows::Right::kStart);
  if (!flow) {
    respond(flow.error());
    return;
  }
  if (flow->stage == "stopped") {
    respond(
        base::fail(base::Code::kInvalid, "The flow is stopped: start it, then send the message."));
    return;
  }
  parts.coordinator.inject(*std::move(injection),
                           [respond = std::move(respond)](base::Status status) {
                             if (status) {
                               respond(jsonResponse(json::object()));
                             } else {
                               respond(status.error());
                             }
                           });
}

void commandOrMessage(const FlowParts& parts, const Request& request, Respond respond) {
  auto body = objectBody(request);
  if (!body) {
    respond(body.error());
  } else if (body->contains("command")) {
    coordinate(parts, request, std::move(respond));
  } else {
    inject(parts, request, *body, std::move(respond));
  }
}

base::Result<Response> progress(const FlowParts& parts, const Request& request) {
  const std::string& flowId = request.param("id");
  if (auto flow = parts.flows.find(*request.caller, flowId, flows::Right::kRead); !flow) {
    return flow.error();
  }
  const auto status = parts.coordinator.status(flowId);
  if (!status) {
    return jsonResponse(json::object{{"status", "completed"}, {"stepsDone", 0}, {"stepsTotal", 0}});
  }
  json::object wire{{"status", status->status},
                    {"stepsDone", status->stepsDone},
                    {"stepsTotal", status->stepsTotal}};
  if (!status->message.empty()) {
    wire["message"] = status->message;
  }
  return jsonResponse(std::move(wire));
}

}  // namespace

void addFlowCommandRoutes(Router& router, const FlowParts& parts) {
  const RouteRules rules{.family = "flows"};
  router.add(Method::kPost, "/flows/:id/coordinator", rules, "Start or stop a flow",
             [parts](const Request& request, Respond respond) {
               coordinate(parts, request, std::move(respond));
             });
  router.add(Method::kPost, "/flows/:id", rules,
             "Start or stop a flow, or send a message to one of its components",
             [parts](const Request& request, Respond respond) {
               commandOrMessage(parts, request, std::move(respond));
             });
  router.add(Method::kGet, "/flows/:id/coordinator/status", rules, "Progress of the last command",
             [parts](const Request& request) { return progress(parts, request); });
}

}  // namespace patchbay::http
