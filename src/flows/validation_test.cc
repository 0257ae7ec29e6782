#include "flows/validation.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "flows/testing_registry.h"

namespace patchbay::flows {
namespace {

class Validation : public ::testing::Test {
 protected:
  Validation() {
    auto broken = component(R"({"name":"acme.x.y.Broken","description":"b","outPorts":["out"]})");
    broken.loadError = "Cannot find module 'left-pad'";
    install(registry_, "acme.x",
            {component(R"({"name":"acme.x.y.Start","description":"s","outPorts":[
               {"name":"out","options":[{"label":"Name","value":"user.name"},{"label":"All","value":"items"}]},
               {"name":"dynamic","source":{"url":"/component/acme/x/y/L?outPort=out"}},
               {"name":"typed","schema":{"type":"object","properties":{"rows":{"type":"array","items":
                 {"type":"object","properties":{"id":{"type":"string"}}}}}}}, "bare"]})"),
             component(R"({"name":"acme.x.y.Send","description":"s","auth":{"service":"acme:x"},
               "inPorts":[{"name":"in","maxConnections":1,"schema":{"type":"object","required":["to","text"],
                 "properties":{"to":{"type":"string"},"text":{"type":"string"}}}}],
               "properties":{"schema":{"type":"object","required":["channel"]}},"outPorts":["out"]})"),
             std::move(broken)});
  }

  std::vector<Problem> problems(std::string_view flow, Facts facts = {}) {
    auto descriptor = Descriptor::parse(json::parseOwn(flow));
    EXPECT_TRUE(descriptor);
    return validate(**descriptor, registry_, facts);
  }
  std::vector<std::string> messages(std::string_view flow) {
    std::vector<std::string> texts;
    for (const Problem& problem : problems(flow, Facts{{"s"}, {}})) {
      texts.push_back(problem.message);
    }
    return texts;
  }
  // A Start "a" linked from `port` to a Send "s" with one field that uses `variable`.
  std::vector<std::string> withVariable(std::string_view variable, std::string_view port = "out") {
    const std::string p(port);
    return messages(
        R"({"a":{"type":"acme.x.y.Start","source":{}},"s":{"type":"acme.x.y.Send","source":{"in":{"a":[")" +
        p + R"("]}},"config":{"properties":{"channel":"c"},"transform":{"in":{"a":{")" + p +
        R"(":{"modifiers":{"text":{"m":{"variable":")" + std::string(variable) +
        R"("}}},"lambda":{"to":"x","text":"{{{m}}}"}}}}}}}})");
  }

  connectors::Registry registry_;
};

TEST_F(Validation, ACleanFlowHasNoProblems) {
  EXPECT_TRUE(withVariable("$.a.out.user.name").empty());
}

TEST_F(Validation, VariablesOfferedByOptionsSchemasAndOpenPortsPass) {
  EXPECT_TRUE(withVariable("$.a.out").empty());
  EXPECT_TRUE(withVariable("$.a.out.user").empty());
  EXPECT_TRUE(withVariable("$.a.out.items.0.id").empty());
  EXPECT_TRUE(withVariable("$.a.dynamic.any.thing", "dynamic").empty());
  EXPECT_TRUE(withVariable("$.a.typed.rows.0.id", "typed").empty());
  EXPECT_TRUE(withVariable("$.a.bare.x", "bare").empty());
  EXPECT_TRUE(withVariable("$.a.error.error.message", "error").empty());
  EXPECT_TRUE(withVariable("@value").empty());
}

TEST_F(Validation, VariablesNobodyOffersAreNamed) {
  for (const std::string_view variable :
       {"$.a.out.user.nam", "$.a.nope.x", "$.gone.out.x", "$.s.out.x"}) {
    const auto texts = withVariable(variable);
    ASSERT_EQ(texts.size(), 1U) << variable;
    EXPECT_NE(texts[0].find("contains invalid variable " + std::string(variable)),
              std::string::npos)
        << texts[0];
  }
  EXPECT_EQ(withVariable("$.a.typed.rows.0.no", "typed").size(), 1U);
  EXPECT_EQ(withVariable("$.a.error.stack", "error").size(), 1U);
}

TEST_F(Validation, ParametersOfModifiersAreFollowed) {
  const auto texts = messages(
      R"({"a":{"type":"acme.x.y.Start"},"s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"]}},
    "config":{"properties":{"channel":"c"},"transform":{"in":{"a":{"out":{"lambda":{"to":"x","text":"{{{m}}}"},
      "modifiers":{"unused":{"u":{"variable":"$.gone.out"}},"text":{"u2":{"variable":"$.gone.out"},
        "m":{"functions":[{"name":"g_add","params":[{"value":"{{{n}}}","modifiers":{"n":{"variable":"$.gone.out.deep"}}}]}]}}}}}}}}}})");
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_NE(texts[0].find("$.gone.out.deep"), std::string::npos);
}

TEST_F(Validation, MissingTypesNameTheirConnector) {
  const auto found = problems(R"({"a":{"type":"gone.mail.core.Send"}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ProblemKind::kMissingComponent);
  EXPECT_NE(found[0].message.find("connector gone.mail."), std::string::npos);
}

TEST_F(Validation, ComponentsThatDoNotLoadSayWhy) {
  const auto found = problems(R"({"a":{"type":"acme.x.y.Broken"}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].message.find("left-pad"), std::string::npos);
}

TEST_F(Validation, AnAccountEndsNotAuthenticated) {
  constexpr std::string_view flow =
      R"({"s":{"type":"acme.x.y.Send","config":{"properties":{"channel":"c"}}}})";
  const auto body = validationBody(problems(flow));
  EXPECT_EQ(json::write(body),
            R"({"errors":[{"componentId":"s","componentType":"acme.x.y.Send","errors":)"
            R"([{"message":"Not authenticated","keyword":"missingAccount"}]}]})");
  EXPECT_EQ(json::write(validationBody(problems(flow, Facts{{"s"}, {}}))), R"({"errors":[]})");
}

TEST_F(Validation, RequiredFieldsMustBeFilled) {
  const auto texts = messages(
      R"({"a":{"type":"acme.x.y.Start"},"s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"]}},
    "config":{"transform":{"in":{"a":{"out":{"lambda":{"to":""}}}}}}}})");
  EXPECT_EQ(texts, (std::vector<std::string>{R"(Input field "channel" is required.)",
                                             R"(Input field "to" is required.)",
                                             R"(Input field "text" is required.)"}));
}

TEST_F(Validation, APayloadPassedOnIsNotJudged) {
  EXPECT_TRUE(
      messages(
          R"({"a":{"type":"acme.x.y.Start"},"s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"]}},
    "config":{"properties":{"channel":"c"}}}})")
          .empty());
}

TEST_F(Validation, TransformsKeyedOnAWrongInPortAreMalformed) {
  const auto found = problems(
      R"({"a":{"type":"acme.x.y.Start"},"s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"]}},
    "config":{"properties":{"channel":"c"},"transform":{"input":{"a":{"out":{"lambda":{}}}}}}}})",
      Facts{{"s"}, {}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ProblemKind::kMalformed);
  EXPECT_TRUE(found[0].message.starts_with("Malformed transformation"));
}

TEST_F(Validation, MalformedShapesAreFoundNotFollowed) {
  for (const std::string_view transform :
       {R"("text")", R"({"type":"xml"})", R"({"modifiers":[]})", R"({"modifiers":{"t":1}})",
        R"({"modifiers":{"t":{"m":1}}})", R"({"modifiers":{"t":{"m":{"variable":1}}}})",
        R"({"modifiers":{"t":{"m":{"functions":{}}}}})"}) {
    const auto texts = messages(
        R"({"a":{"type":"acme.x.y.Start"},"s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"]}},
      "config":{"properties":{"channel":"c"},"transform":{"in":{"a":{"out":)" +
        std::string(transform) + "}}}}}}");
    ASSERT_EQ(texts.size(), 1U) << transform;
    EXPECT_TRUE(texts[0].starts_with("Malformed transformation")) << texts[0];
  }
}

TEST_F(Validation, TooManyLinksAndUnknownPortsAreNamed) {
  const auto found =
      problems(R"({"a":{"type":"acme.x.y.Start"},"b":{"type":"acme.x.y.Start","extra":1},
    "s":{"type":"acme.x.y.Send","source":{"in":{"a":["out"],"b":["none"]},"side":{"gone":["out"]}},
    "config":{"properties":{"channel":"c"}}}})",
               Facts{{"s"}, {}});
  std::vector<ProblemKind> kinds;
  for (const Problem& problem : found) {
    kinds.push_back(problem.kind);
  }
  EXPECT_EQ(kinds, (std::vector<ProblemKind>{ProblemKind::kUnknownKey, ProblemKind::kUnknownPort,
                                             ProblemKind::kUnknownPort, ProblemKind::kUnknownPort,
                                             ProblemKind::kMaxConnections}));
  EXPECT_TRUE(startVerdict(found, false));
  EXPECT_FALSE(startVerdict(found, true));  // maxConnections
}

TEST_F(Validation, AStartIsRefusedWithTheFirstProblemAndAllOfThem) {
  const auto status = startVerdict(
      problems(R"({"m":{"type":"gone.mail.core.Send"},"s":{"type":"acme.x.y.Send"}})"), false);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::Code::kInvalid);
  EXPECT_NE(status.error().message.find("gone.mail.core.Send is not installed"), std::string::npos);
  ASSERT_EQ(status.error().data.as_array().size(), 2U);
  EXPECT_EQ(json::getString(status.error().data.as_array()[1].as_object(), "componentType"),
            "acme.x.y.Send");
}

TEST_F(Validation, AComponentOneMayNotUseForbidsTheStart) {
  Facts facts;
  facts.mayUse = [](const connectors::Component& used) { return used.name != "acme.x.y.Start"; };
  const auto status = startVerdict(
      problems(R"({"m":{"type":"gone.mail.core.Send"},"a":{"type":"acme.x.y.Start"}})", facts),
      false);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::Code::kForbidden);
}

TEST_F(Validation, CyclesEnd) {
  EXPECT_TRUE(
      messages(
          R"({"s":{"type":"acme.x.y.Send","source":{"in":{"s":["out"]}},"config":{"properties":{"channel":"c"},
    "transform":{"in":{"s":{"out":{"lambda":{"to":"x","text":"{{{m}}}"},"modifiers":{"text":{"m":{"variable":"$.s.out.a"}}}}}}}}}})")
          .empty());
}

}  // namespace
}  // namespace patchbay::flows
