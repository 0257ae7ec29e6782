#include "system_webhooks/component_error.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::system_webhooks {
namespace {

ComponentError sampleError() {
  ComponentError error;
  error.err = R"({"message":"m","name":"N","code":7,"error":{"in":[]},"stack":"s"})";
  error.name = "N";
  error.message = "m";
  error.code = "7";
  error.flowId = "f";
  error.flowName = "A \"flow\"";
  error.userId = "u";
  error.componentId = "c";
  error.componentType = "a.b.c.D";
  error.inPort = "in";
  error.inputProperties = R"({"correlationId":"x"})";
  error.inputContent = R"({"n":1})";
  error.connector = "a.b";
  error.cause = "component-error";
  return error;
}

TEST(ComponentErrorPayload, HasTheShapeThatReceiversRead) {
  const Event event = componentError(sampleError(), 1'000);
  EXPECT_EQ(event.key, kComponentErrorKey);
  EXPECT_EQ(event.flowId, "f");
  EXPECT_EQ(
      event.payload,
      R"({"err":{"message":"m","name":"N","code":7,"error":{"in":[]},"stack":"s"},"type":"component","flowId":"f",)"
      R"("flowName":"A \"flow\"","userId":"u","componentId":"c","componentType":"a.b.c.D",)"
      R"("inputMessages":{"in":[{"properties":{"correlationId":"x"},"content":{"n":1}}]},"accessTokenId":null,)"
      R"("connector":"a.b","cause":"component-error"})");
}

TEST(ComponentErrorPayload, WhatTheErrorLacksIsFilledIn) {
  ComponentError error = sampleError();
  error.err = R"({"message":"m"})";
  error.inPort = "";
  const json::value payload = json::parseOwn(componentError(error, 1'000).payload);
  EXPECT_EQ(json::write(payload.at("err")),
            R"({"message":"m","name":"N","code":"7","stack":"N: m"})");
  EXPECT_FALSE(payload.as_object().contains("inputMessages"));
}

TEST(ComponentErrorPayload, InputAndErrorAreCutOnACharactersBorder) {
  ComponentError error = sampleError();
  const std::string content = "{\"t\":\"äääääääää\"}";
  const std::string message(100, 'x');
  const std::string err = R"({"message":")" + message + R"("})";
  error.inputContent = content;
  error.err = err;
  error.message = message;
  const json::value payload = json::parseOwn(componentError(error, 10).payload);
  EXPECT_EQ(payload.at("inputMessages").at("in").at(0).at("content"), "{\"t\":\"ää");
  EXPECT_EQ(payload.at("err").at("message"), "xxxxxxxxxx");
}

}  // namespace
}  // namespace patchbay::system_webhooks
