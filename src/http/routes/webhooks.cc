#include "http/routes/webhooks.h"

#include "webhooks/envelope.h"

namespace patchbay::http {

namespace {

std::string_view methodName(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "POST";
}

Response toResponse(webhooks::Reply reply) {
  Response response;
  response.status = reply.status;
  response.contentType = std::move(reply.contentType);
  response.body = std::move(reply.body);
  response.headers = std::move(reply.headers);
  return response;
}

void receive(engine::WebhookIntake& intake, Request request, Respond respond) {
  engine::WebhookCall call;
  call.flowId = request.param("flowId");
  call.componentId = request.param("componentId");
  call.correlationId = request.queryValue("correlationId").value_or("");
  call.inPort = request.queryValue("correlationInPort").value_or("");
  call.enqueueOnly = request.queryValue("enqueueOnly").value_or("") == "true";
  auto envelope = webhooks::makeEnvelope(
      {methodName(request.method), request.query, request.headers, request.body});
  if (!envelope) {
    respond(envelope.error());
    return;
  }
  call.envelope = std::move(*envelope);
  intake.accept(std::move(call), [respond = std::move(respond)](webhooks::Reply reply) { respond(toResponse(std::move(reply))); });
}

}  // namespace

void addWebhookRoutes(Router& router, engine::WebhookIntake& intake) {
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    router.add(method, "/flows/:flowId/components/:componentId",
               {.access = Access::kOpen, .limit = "LIMIT_WEBHOOK_BYTES"},
               "The webhook of a component", [&intake](Request request, Respond respond) {
                 receive(intake, std::move(request), std::move(respond));
               });
  }
}

}  // namespace patchbay::http
