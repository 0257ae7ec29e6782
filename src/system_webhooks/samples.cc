#include "system_webhooks/samples.h"

#include "base/json.h"
#include "system_webhooks/component_error.h"
#include "system_webhooks/flow_stopped.h"

namespace patchbay::system_webhooks {

namespace {

constexpr std::string_view kFlowId = "00000000-0000-4000-8000-000000000001";
constexpr std::string_view kComponentId = "00000000-0000-4000-8000-000000000002";
constexpr std::string_view kUserId = "000000000000000000000000";

std::string marked(std::string_view payload) {
  json::value document = json::parseOwn(payload);
  document.get_object()["test"] = true;
  return json::write(document);
}

Event sampleError() {
  ComponentError error;
  error.err =
      R"({"message":"This is a test of system webhooks.","name":"TestError","code":"TEST"})";
  error.name = "TestError";
  error.flowId = kFlowId;
  error.flowName = "Test of system webhooks";
  error.userId = kUserId;
  error.componentId = kComponentId;
  error.componentType = "acme.invoices.core.CreateInvoice";
  error.inPort = "in";
  error.inputProperties = "{}";
  error.inputContent = R"({"amount":12})";
  error.connector = "acme.invoices";
  error.cause = "component-error";
  return componentError(error, 51'200);
}

Event sampleStop(const std::string& now) {
  FlowStopped stopped;
  stopped.flowId = kFlowId;
  stopped.flowName = "Test of system webhooks";
  stopped.userId = kUserId;
  stopped.email = "owner@example.com";
  stopped.reason = "connectorUpdate";
  stopped.connector = "acme.invoices";
  stopped.from = "1.4.0";
  stopped.to = "2.0.0";
  stopped.breakingChanges = {"The field \"customer\" of CreateInvoice is now required."};
  stopped.affectedComponents = {
      json::object{{"componentId", kComponentId},
                   {"type", "acme.invoices.core.CreateInvoice"},
                   {"changes", json::array{"The field \"customer\" is now required."}}}};
  stopped.actionRequired = {
      json::object{{"kind", "fill-field"},
                   {"componentId", kComponentId},
                   {"field", "customer"},
                   {"message", "Fill in the field \"customer\", then start the flow."}}};
  stopped.created = now;
  return flowStopped(stopped);
}

Event sampleUser(const std::string& now) {
  return {std::string(kUserCreatedKey),
          json::write(json::object{{"userId", kUserId},
                                   {"username", "new@example.com"},
                                   {"email", "new@example.com"},
                                   {"scope", json::array{"user"}},
                                   {"metadata", json::object()},
                                   {"created", now}}),
          ""};
}

Event sampleCode(const std::string& now) {
  return {std::string(kForgotPasswordKey),
          json::write(json::object{{"code", "test"},
                                   {"email", "someone@example.com"},
                                   {"userId", kUserId},
                                   {"created", now},
                                   {"link", "https://example.com/reset-password?code=test"}}),
          ""};
}

}  // namespace

base::Result<Event> sample(std::string_view key, const std::string& now) {
  Event event;
  if (key == kComponentErrorKey) {
    event = sampleError();
  } else if (key == kFlowStoppedKey) {
    event = sampleStop(now);
  } else if (key == kUserCreatedKey) {
    event = sampleUser(now);
  } else if (key == kForgotPasswordKey) {
    event = sampleCode(now);
  } else {
    std::string known;
    for (const std::string_view each : kKeys) {
      known += (known.empty() ? "" : ", ") + std::string(each);
    }
    return base::fail(base::Code::kInvalid, "\"key\" must be one of " + known + ".");
  }
  event.payload = marked(event.payload);
  return event;
}

}  // namespace patchbay::system_webhooks
