#include "flows/flow_clone.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::flows {
namespace {

const std::string kA = "0e8ff425-1a1e-4c07-9f5e-2a9b4d6c8e01";
const std::string kB = "9c2d7b4a-5f3e-4a81-b06d-1c8e2f4a6b02";
const std::string kNewA = "aaaaaaaa-0000-4000-8000-000000000001";
const std::string kNewB = "bbbbbbbb-0000-4000-8000-000000000002";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

const IdMap& uuids() {
  static const IdMap map{{kA, kNewA}, {kB, kNewB}};
  return map;
}

std::string rewritten(const std::string& flow, const IdMap& ids) {
  return json::write(rewriteFlow(json::parseOwn(flow), ids, {{"old-flow", "new-flow"}}));
}

TEST(FlowClone, EveryReferenceToAUuidIsRewritten) {
  std::string flow = R"({"A":{"type":"p.q.r.S","source":{}},"B":{"type":"p.q.r.T","label":"after A",
    "source":{"in":{"A":["out"]}},
    "config":{"properties":{"see":"x A y","list":["A"],"A":1},
      "transform":{"in":{"A":{"out":{"modifiers":{"t":{"m1":{"variable":"$.A.out.name","functions":
        [{"name":"g_Add","params":[{"value":"{{{m2}}}","modifiers":{"m2":{"variable":"$.A.out"}}}]}]}}},
        "lambda":{"t":"{{{m1}}} and {{{$.A.out.x}}}"}}}}}}}})";
  flow = replaced(replaced(flow, "A", kA), "B", kB);
  std::string replacedName = "g_";
  replacedName.append(kA).append("dd");
  flow = replaced(flow, replacedName, "g_Add");
  const std::string expected =
      json::write(json::parseOwn(replaced(replaced(flow, kA, kNewA), kB, kNewB)));
  EXPECT_EQ(rewritten(flow, uuids()), expected);
}

TEST(FlowClone, PartsOfLongerWordsStay) {
  std::string longer = kA;
  longer.append("0");
  const std::string flow = R"({")" + kA + R"(":{"type":"p.q.r.S","label":")" + longer + R"("}})";
  EXPECT_NE(rewritten(flow, uuids()).find(longer), std::string::npos);
}

TEST(FlowClone, OrdinaryWordsAreRewrittenOnlyWhereTheyAreReferences) {
  const IdMap ids{{"start", "S1"}, {"my step", "S2"}};
  const std::string flow =
      R"({"start":{"type":"p.q.r.S","label":"start it"},)"
      R"("my step":{"type":"p.q.r.T","source":{"start":{"start":["start"]}},)"
      R"("config":{"transform":{"in":{"start":{"out":{"lambda":{"start":"start $.start.out.a $.my step.out"}}}}}}}})";
  EXPECT_EQ(
      rewritten(flow, ids),
      R"({"S1":{"type":"p.q.r.S","label":"start it"},)"
      R"("S2":{"type":"p.q.r.T","source":{"start":{"S1":["start"]}},)"
      R"("config":{"transform":{"in":{"S1":{"out":{"lambda":{"start":"start $.S1.out.a $.S2.out"}}}}}}}})");
}

TEST(FlowClone, WizardPathsAreRewritten) {
  const std::string wizard =
      R"({"fields":[{"source":")" + kA + ".config.transform.in." + kB + R"(.out"}]})";
  const std::string out = json::write(rewriteTexts(json::parseOwn(wizard), uuids(), {}));
  EXPECT_EQ(out, replaced(replaced(wizard, kA, kNewA), kB, kNewB));
}

}  // namespace
}  // namespace patchbay::flows
