#include "flows/descriptor.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::flows {
namespace {

std::shared_ptr<const Descriptor> parsed(std::string_view text) {
  auto result = Descriptor::parse(json::parseOwn(text));
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *result : nullptr;
}

base::Error refused(std::string_view text) {
  auto result = Descriptor::parse(json::parseOwn(text));
  EXPECT_FALSE(result) << text;
  return result ? base::Error{} : result.error();
}

constexpr std::string_view kThree = R"({
  "a": {"type": "acme.x.y.Start", "label": "Begin", "source": {}, "config": null},
  "b": {"type": "acme.x.y.Step", "version": "1.2.0",
        "source": {"in": {"a": ["out", "more", "out"], "gone": "out"}},
        "config": {"properties": {"p": 1}, "quota": {"maxWait": 1},
                   "transform": {"in": {"a": {"out": {"lambda": {"t": "x"}}}, "left": {"out": {}}}}}},
  "c": {"type": "acme.x.y.Step", "source": {"in": {"a": ["out"], "b": ["out"]}, "second": {"a": ["out"]}},
        "errorHandling": {"autoRetry": false, "maxRetries": 5, "onError": "errorPort"}, "later": true}
})";

TEST(Descriptor, ReadsNodesInTheOrderWritten) {
  const auto flow = parsed(kThree);
  ASSERT_EQ(flow->nodes().size(), 3U);
  EXPECT_EQ(flow->nodes()[0].label, "Begin");
  EXPECT_EQ(flow->nodes()[0].properties, nullptr);
  const Node* b = flow->find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->version, "1.2.0");
  EXPECT_EQ(json::write(*b->properties), R"({"p":1})");
  EXPECT_EQ(json::write(*b->quota), R"({"maxWait":1})");
  EXPECT_EQ(flow->find("gone"), nullptr);
}

TEST(Descriptor, ALinkWrittenTwiceIsOneLink) {
  const auto flow = parsed(kThree);
  ASSERT_EQ(flow->find("b")->incoming.size(), 3U);
  EXPECT_EQ(flow->find("b")->incoming[1].outPort, "more");
  EXPECT_EQ(flow->find("b")->incoming[2].source, "gone");
}

TEST(Descriptor, OutgoingFansOutInOrderWithTransforms) {
  const auto flow = parsed(kThree);
  const auto targets = flow->outgoing("a", "out");
  ASSERT_EQ(targets.size(), 3U);
  EXPECT_EQ(targets[0].node->id, "b");
  ASSERT_NE(targets[0].link->transform, nullptr);
  EXPECT_EQ(json::write(*targets[0].link->transform), R"({"lambda":{"t":"x"}})");
  EXPECT_EQ(targets[1].node->id, "c");
  EXPECT_EQ(targets[1].link->inPort, "in");
  EXPECT_EQ(targets[1].link->transform, nullptr);
  EXPECT_EQ(targets[2].link->inPort, "second");
  EXPECT_TRUE(flow->outgoing("a", "none").empty());
  EXPECT_TRUE(flow->outgoing("none", "out").empty());
}

TEST(Descriptor, ErrorHandlingHasDefaults) {
  const auto flow = parsed(kThree);
  EXPECT_TRUE(flow->find("a")->errorHandling.autoRetry);
  EXPECT_FALSE(flow->find("a")->errorHandling.maxRetries.has_value());
  const ErrorHandling& c = flow->find("c")->errorHandling;
  EXPECT_FALSE(c.autoRetry);
  EXPECT_EQ(c.maxRetries, 5);
  EXPECT_EQ(c.onError, OnError::kErrorPort);
}

TEST(Descriptor, KeepsTheDocumentAsWritten) {
  EXPECT_EQ(json::write(parsed(kThree)->document()), json::write(json::parseOwn(kThree)));
}

TEST(Descriptor, AnEmptyFlowIsAFlow) {
  EXPECT_TRUE(parsed("{}")->nodes().empty());
}

TEST(Descriptor, EveryBrokenRuleIsNamedWithItsComponent) {
  const base::Error error = refused(R"({
    "a": {"type": "three.parts.only"},
    "b": {"type": "acme.x.y.Z", "source": {"in": ["a"]}},
    "c": {"type": "acme.x.y.Z", "source": {"in": {"a": [1]}}},
    "d": {"type": "acme.x.y.Z", "config": []},
    "e": {"type": "acme.x.y.Z", "errorHandling": {"maxRetries": -1}},
    "f": {"type": "acme.x.y.Z", "errorHandling": {"onError": "explode"}},
    "g": 5,
    "h": {"type": "acme.x.y.Z", "config": {"transform": "x"}},
    "i": {"type": "acme.x.y.Z", "source": {"": {"a": ["out"]}}},
    "j.k": {"type": "acme.x.y.Z"}
  })");
  EXPECT_EQ(error.code, base::Code::kInvalid);
  std::vector<std::string> ids;
  for (const auto& problem : error.data.as_array()) {
    ids.push_back(json::getString(problem.as_object(), "componentId"));
    EXPECT_FALSE(json::getString(problem.as_object(), "message").empty());
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j.k"}));
}

TEST(Descriptor, RefusesWhatIsNotAnObjectAndTooManyComponents) {
  EXPECT_EQ(refused("[]").code, base::Code::kInvalid);
  EXPECT_EQ(refused("null").code, base::Code::kInvalid);
  boost::json::object many;
  for (std::size_t i = 0; i <= kMaxComponents; ++i) {
    many["n" + std::to_string(i)] = boost::json::object{{"type", "a.b.c.D"}};
  }
  auto result = Descriptor::parse(many);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::Code::kTooLarge);
}

TEST(Descriptor, ALongListOfProblemsIsCutOff) {
  boost::json::object many;
  for (int i = 0; i < 1000; ++i) {
    many["n" + std::to_string(i)] = 1;
  }
  auto result = Descriptor::parse(many);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().data.as_array().size(), 100U);
}

TEST(Descriptor, AComponentTypeHasFourParts) {
  EXPECT_TRUE(isComponentType("acme.invoices.core.CreateInvoice"));
  EXPECT_FALSE(isComponentType("acme.invoices.core"));
  EXPECT_FALSE(isComponentType("acme.invoices.core.A.B"));
  EXPECT_FALSE(isComponentType("acme..core.A"));
  EXPECT_FALSE(isComponentType("acme.in-voices.core.A"));
  EXPECT_FALSE(isComponentType("a.b.c." + std::string(300, 'x')));
}

}  // namespace
}  // namespace patchbay::flows
