#include "http/routes/connector_operations.h"

#include "base/json.h"
#include "http/body.h"
#include "http/event_stream.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using Begin = base::Result<updates::Operation> (updates::Lifecycle::*)(const updates::Wish&);

constexpr std::int64_t kMostListed = 1000;

base::Result<bool> dropsQueue(std::string_view word) {
  if (word.empty() || word == "keep" || word == "delete") {
    return word == "delete";
  }
  return base::fail(base::Code::kInvalid, "\"inProgressData\" must be keep or delete.");
}

updates::Wish wishOf(const Request& request) {
  updates::Wish wish;
  wish.name = request.param("name");
  wish.userId = request.caller->userId;
  wish.ip = request.clientAddress;
  return wish;
}

base::Result<updates::Wish> wishFromBody(const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  updates::Wish wish = wishOf(request);
  wish.version = json::getString(*body, "version");
  wish.confirmed = json::getBool(*body, "confirmBreaking") || json::getBool(*body, "confirm");
  wish.token = json::getString(*body, "confirmationToken");
  wish.operation = json::getString(*body, "operation");
  if (body->contains("mode")) {
    auto mode = updates::parseMode(json::getString(*body, "mode"));
    if (!mode) {
      return mode.error();
    }
    wish.mode = *mode;
  }
  auto drops = dropsQueue(json::getString(*body, "inProgressData"));
  if (!drops) {
    return drops.error();
  }
  wish.dropsQueue = *drops;
  return wish;
}

Answer begun(const base::Result<updates::Operation>& operation) {
  return operation ? Answer(jsonResponse(operation->toJson(), 202)) : Answer(operation.error());
}

Answer plan(const ConnectorOperationParts& parts, const Request& request) {
  updates::Wish wish = wishOf(request);
  wish.version = request.queryValue("version").value_or("");
  wish.operation = request.queryValue("operation").value_or("");
  const auto made = parts.lifecycle.plan(request.queryValue("action").value_or("update"), wish);
  return made ? Answer(jsonResponse(made->toJson())) : Answer(made.error());
}

Answer change(const ConnectorOperationParts& parts, const Request& request, Begin begin) {
  const auto wish = wishFromBody(request);
  return wish ? begun((parts.lifecycle.*begin)(*wish)) : Answer(wish.error());
}

Answer remove(const ConnectorOperationParts& parts, const Request& request) {
  updates::Wish wish = wishOf(request);
  wish.confirmed = request.saysYes("confirm");
  wish.stopFlows = request.saysYes("stopFlows");
  const auto drops = dropsQueue(request.queryValue("inProgressData").value_or(""));
  if (!drops) {
    return drops.error();
  }
  wish.dropsQueue = *drops;
  return begun(parts.lifecycle.remove(wish));
}

Answer list(const ConnectorOperationParts& parts, const Request& request) {
  const auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto operations =
      parts.operations.list(request.queryValue("connector").value_or(""), 0, kMostListed);
  if (!operations) {
    return operations.error();
  }
  json::array rows;
  for (const updates::Operation& operation : *operations) {
    rows.push_back(operation.toJson());
  }
  return jsonResponse(query->apply(std::move(rows), {"ticket", {"name"}}));
}

Answer read(const ConnectorOperationParts& parts, const Request& request) {
  const auto operation = parts.operations.byTicket(request.param("ticket"));
  return operation ? Answer(jsonResponse(operation->toJson())) : Answer(operation.error());
}

Answer cancel(const ConnectorOperationParts& parts, const Request& request) {
  if (auto status = parts.operations.cancel(request.param("ticket")); !status) {
    return status.error();
  }
  return read(parts, request);
}

Answer upgradeFlow(const ConnectorOperationParts& parts, const Request& request) {
  const auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string connector = json::getString(*body, "connector");
  if (connector.empty()) {
    return base::fail(base::Code::kInvalid, "\"connector\" (text) is required.");
  }
  auto done = parts.upgrade.run(*request.caller, request.param("id"), connector,
                                json::getBool(*body, "dryRun"));
  return done ? Answer(jsonResponse(std::move(*done))) : Answer(done.error());
}

// "progress" at each step, then one "completed", "failed" or "cancelled".
Answer follow(const ConnectorOperationParts& parts, const Request& request) {
  const std::string ticket = request.param("ticket");
  const auto now = parts.operations.byTicket(ticket);
  if (!now) {
    return now.error();
  }
  const auto events = std::make_shared<EventStream>();
  Response response = events->response();
  const auto tell = [events, ticket](const updates::Operation& operation) {
    if (operation.ticket != ticket) {
      return true;
    }
    const bool ended = operation.status != "in-progress";
    const bool heard =
        events->send(ended ? operation.status : "progress", json::write(operation.toJson()));
    if (ended) {
      events->end();
    }
    return heard && !ended;
  };
  parts.operations.watch(ticket, tell);
  return response;
}

}  // namespace

void addConnectorOperationRoutes(Router& router, const ConnectorOperationParts& parts) {
  const auto with = [parts](auto answer) -> Handler {
    return [parts, answer](Request& request) { return answer(parts, request); };
  };
  const auto changing = [parts](Begin begin) -> Handler {
    return [parts, begin](Request& request) { return change(parts, request, begin); };
  };
  const RouteRules admin{.access = Access::kAdmin};
  const RouteRules growing{.access = Access::kAdmin, .grows = true};
  router.add(Method::kGet, "/connectors/operations", admin, "Operations, newest first", with(list));
  router.add(Method::kGet, "/connectors/operations/:ticket", admin, "One operation", with(read));
  router.add(Method::kDelete, "/connectors/operations/:ticket", admin,
             "Cancel an operation before its switch", with(cancel));
  router.add(Method::kGet, "/connectors/operations/:ticket/events", admin,
             "An operation as it goes on (server-sent events)", with(follow));
  router.add(Method::kGet, "/connectors/trash", admin, "Revisions that can be restored",
             with([](const ConnectorOperationParts& of, const Request&) -> Answer {
               return jsonResponse(of.trash.list());
             }));
  router.add(Method::kPost, "/connectors/trash/:id/restore", admin,
             "Make a revision of the trash the installed one",
             with([](const ConnectorOperationParts& of, const Request& request) -> Answer {
               const auto wish = wishFromBody(request);
               return wish ? begun(of.lifecycle.restore(request.param("id"), *wish))
                           : Answer(wish.error());
             }));
  router.add(Method::kPost, "/flows/:id/upgrade", {.family = "flows"},
             "Move a flow to the installed version of a connector", with(upgradeFlow));
  router.add(Method::kGet, "/connectors/:name/plan", admin,
             "What an operation would do to every flow", with(plan));
  router.add(Method::kPost, "/connectors/:name/install", growing, "Install; answers a ticket",
             changing(&updates::Lifecycle::install));
  router.add(Method::kPost, "/connectors/:name/update", growing,
             "Update to a version, up or down; answers a ticket",
             changing(&updates::Lifecycle::update));
  router.add(Method::kPost, "/connectors/:name/rollback", admin,
             "Take back an operation; answers a ticket", changing(&updates::Lifecycle::rollback));
  router.add(Method::kDelete, "/connectors/:name", admin, "Remove; answers a ticket", with(remove));
}

}  // namespace patchbay::http
