#include "flows/source_call.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "flows/testing_registry.h"

namespace patchbay::flows {
namespace {

std::shared_ptr<const Descriptor> flow() {
  auto parsed = Descriptor::parse(json::parseOwn(R"({
    "a": {"type": "acme.x.y.Start"},
    "b": {"type": "acme.x.y.Asks", "source": {"in": {"a": ["out"]}}, "config": {
      "properties": {"table": "orders", "deep": {"er": 7}, "loose": "{{{v}}}"},
      "transform": {"in": {"a": {"out": {"lambda": {"id": "i7", "list": {"ADD": [1]}, "var": "{{{u}}}"}}}}}}}})"));
  EXPECT_TRUE(parsed);
  return *parsed;
}

std::optional<SourceCall> callOf(
    const std::string& data, const std::string& url = "/component/acme/x/y/Fields?outPort=out") {
  const auto graph = flow();
  const json::value source = json::object{{"url", url}, {"data", json::parseOwn(data)}};
  return sourceCall(*graph->find("b"), "out", source);
}

TEST(SourceCallTest, TheAddressNamesComponentAndPort) {
  const auto call = callOf(R"({"transform":"./Fields#f"})");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->type, "acme.x.y.Fields");
  EXPECT_EQ(call->outPort, "out");
  EXPECT_EQ(call->componentId, "b");
  EXPECT_EQ(call->port, "out");
  EXPECT_EQ(call->transform, "./Fields#f");
  EXPECT_EQ(call->properties, "{}");
  for (const char* url : {"http://elsewhere/component/acme/x/y/F?outPort=out",
                          "/component/acme/x/F?outPort=out", "/component/acme/x/y/F",
                          "/component/acme/x/y/F?outPort=out&more=1", "/users?outPort=out", ""}) {
    EXPECT_FALSE(callOf("{}", url)) << url;
  }
}

TEST(SourceCallTest, ReferencesAreFilledAndLiteralsKept) {
  const auto call = callOf(R"({
    "messages": {"in": {}, "in/id": "inputs/in/id", "in/list": "inputs/in/list/ADD", "in/none": "inputs/in/none"},
    "properties": {"table": "properties/table", "a/b": "properties/deep/er", "flag": true, "text": "plain", "gone": "properties/gone"}})");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->messages, R"({"in":{},"in/id":"i7","in/list":[1]})");
  EXPECT_EQ(call->properties, R"({"table":"orders","a":{"b":7},"flag":true,"text":"plain"})");
}

TEST(SourceCallTest, WhatOnlyAMessageFillsIsNotAsked) {
  EXPECT_FALSE(callOf(R"({"messages":{"in/x":"inputs/in/var"}})"));
  EXPECT_FALSE(callOf(R"({"properties":{"x":"properties/loose"}})"));
  EXPECT_TRUE(callOf(R"({"messages":{"in/x":"inputs/other/var"}})"));
}

TEST(SourceCallTest, FormsAskForWholeOnesAndForTheirFields) {
  connectors::Registry registry;
  const std::string source = R"("source":{"url":"/component/acme/x/y/Fields?outPort=out"})";
  install(registry, "acme.x",
          {component(R"({"name":"acme.x.y.Asks","inPorts":[{"name":"in",)" + source +
                     R"(,"inspector":{"inputs":{"b":{)" + source + R"(},"plain":{}}}},)" +
                     R"({"name":"loose",)" + source + R"(},"bare"],"properties":{"inspector":{"inputs":{"t":{)" +
                     source + R"(}}}}})")});
  const auto graph = flow();
  const auto places = [&](FormsAsked asked) {
    std::vector<std::string> all;
    for (const SourceCall& call : formSources({graph->find("b")}, registry, asked)) {
      EXPECT_EQ(call.componentId, "b");
      all.push_back(call.port);
    }
    return all;
  };
  using Places = std::vector<std::string>;
  EXPECT_EQ(places({}), (Places{"/in/in", "/in/in/b", "/properties/t"})) << "loose has no link";
  EXPECT_EQ(places({.inPorts = false}), (Places{"/properties/t"}));
  EXPECT_EQ(places({.properties = false}), (Places{"/in/in", "/in/in/b"}));
}

}  // namespace
}  // namespace patchbay::flows
