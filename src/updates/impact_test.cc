#include "updates/impact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "updates/migration.h"

namespace patchbay::updates {
namespace {

using connectors::Contracts;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOld = R"({
  "name": "acme.mail.core.Send",
  "inPorts": [{"name": "in", "schema": {"type": "object", "properties": {
      "to": {"type": "string"}, "text": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}},
    "inspector": {"inputs": {"to": {"type": "text", "label": "To"}, "text": {"type": "text", "label": "Text"},
      "kind": {"type": "select", "label": "Kind"}}}}],
  "outPorts": [{"name": "out", "options": [{"label": "Id", "value": "id"}, {"label": "Size", "value": "size"}]},
    {"name": "late", "options": [{"label": "Why", "value": "why"}]}],
  "properties": {"schema": {"type": "object", "properties": {"box": {"type": "string"}}},
    "inspector": {"inputs": {"box": {"type": "text", "label": "Box"}}}}
})";

constexpr const char* kFlow = R"({
  "hook": {"type": "acme.web.core.Hook", "source": {}},
  "send": {"type": "acme.mail.core.Send", "source": {"in": {"hook": ["out"]}},
    "config": {"properties": {"box": "inbox"}, "transform": {"in": {"hook": {"out": {
      "lambda": {"to": "{{{m1}}}", "kind": "a"}, "modifiers": {"to": {"m1": {"variable": "$.hook.out.to"}}}}}}}}},
  "note": {"type": "acme.web.core.Note", "source": {"in": {"send": ["out"]}},
    "config": {"transform": {"in": {"send": {"out": {"lambda": {"n": "id {{{m2}}}"},
      "modifiers": {"n": {"m2": {"variable": "$.send.out.id"}}}}}}}}}
})";

Contracts contracts(const std::string& manifest) {
  auto contract = connectors::contractOf(json::parseOwn(manifest));
  Contracts all;
  all.emplace(contract.name, contract);
  return all;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::vector<FlowChange> impact(const std::string& manifest, const char* flow = kFlow) {
  const auto descriptor = flows::Descriptor::parse(json::parseOwn(flow)).value();
  const Contracts after = contracts(manifest);
  const auto changes = connectors::diff(contracts(kOld), after);
  return impactOn(*descriptor, {changes, after, {}});
}

std::vector<std::string> kinds(const std::vector<FlowChange>& changes) {
  std::vector<std::string> all;
  for (const FlowChange& change : changes) {
    all.push_back(std::string(change.change.kind) + " " + change.change.where + " " +
                  std::string(verdictText(change.verdict)));
  }
  return all;
}

TEST(Impact, NothingChangedHitsNothing) {
  EXPECT_THAT(impact(kOld), IsEmpty());
  EXPECT_EQ(worst({}), Verdict::kSafe);
}

TEST(Impact, ARemovedFieldHitsWhoFillsIt) {
  const std::string to = R"("to": {"type": "string"}, )";
  const std::string toInput = R"("to": {"type": "text", "label": "To"}, )";
  EXPECT_THAT(kinds(impact(replaced(replaced(kOld, to, ""), toInput, ""))),
              ElementsAre("input-removed in.in.to needs-owner"));
  const std::string text = R"("text": {"type": "string"}, )";
  const std::string textInput = R"("text": {"type": "text", "label": "Text"},)";
  EXPECT_THAT(impact(replaced(replaced(kOld, text, ""), textInput, "")), IsEmpty());
}

TEST(Impact, AFieldThatMustBeFilledHitsWhoLeavesItEmpty) {
  const auto required = [](const std::string& name) {
    return replaced(kOld, R"("enum": ["a", "b"]}}})",
                    R"("enum": ["a", "b"]}}, "required": [")" + name + R"("]})");
  };
  const auto hit = impact(required("text"));
  EXPECT_THAT(kinds(hit), ElementsAre("input-became-required in.in.text needs-owner"));
  EXPECT_EQ(hit[0].action, kFillField);
  EXPECT_EQ(hit[0].field, "text");
  EXPECT_EQ(hit[0].componentId, "send");
  EXPECT_THAT(impact(required("to")), IsEmpty());
}

TEST(Impact, ANarrowerListHitsOnlyOtherValues) {
  EXPECT_THAT(impact(replaced(kOld, R"(["a", "b"])", R"(["a"])")), IsEmpty());
  EXPECT_THAT(kinds(impact(replaced(kOld, R"(["a", "b"])", R"(["b"])"))),
              ElementsAre("input-enum-narrowed in.in.kind needs-owner"));
}

TEST(Impact, ARemovedOutputHitsWhoMapsIt) {
  EXPECT_THAT(kinds(impact(replaced(kOld, R"({"label": "Id", "value": "id"}, )", ""))),
              ElementsAre("output-field-removed out.out.id needs-owner"));
  EXPECT_THAT(impact(replaced(kOld, R"(, {"label": "Size", "value": "size"})", "")), IsEmpty());
}

TEST(Impact, ARemovedPortHitsWhoLinksIt) {
  const std::string late =
      R"(,
    {"name": "late", "options": [{"label": "Why", "value": "why"}]})";
  EXPECT_THAT(impact(replaced(kOld, late, "")), IsEmpty());
  const std::string out =
      R"({"name": "out", "options": [{"label": "Id", "value": "id"}, {"label": "Size", "value": "size"}]},)";
  const auto hit = impact(replaced(kOld, out, ""));
  EXPECT_THAT(kinds(hit), ElementsAre("output-port-removed out.out broken"));
  EXPECT_EQ(worst(hit), Verdict::kBroken);
}

TEST(Impact, ARemovedPropertyHitsWhoSetsIt) {
  EXPECT_THAT(kinds(impact(replaced(replaced(kOld, R"("box": {"type": "string"})", ""),
                                    R"("box": {"type": "text", "label": "Box"})", ""))),
              ElementsAre("input-removed properties.box needs-owner"));
}

TEST(Impact, ARemovedComponentBreaksItsFlows) {
  const auto hit = impact(replaced(kOld, "core.Send", "core.Other"));
  EXPECT_EQ(worst(hit), Verdict::kBroken);
  EXPECT_EQ(hit.at(0).action, kReplaceComponent);
}

TEST(Impact, OtherComponentsAreNotTouched) {
  EXPECT_THAT(impact(replaced(kOld, "core.Send", "core.Other"),
                     R"({"hook": {"type": "acme.web.core.Hook", "source": {}}})"),
              IsEmpty());
}

std::string migrated(const std::string& manifest) {
  return json::write(migrate(json::parseOwn(kFlow).as_object(), impact(manifest)));
}

TEST(Migration, ARenamedFieldMovesWithItsModifiers) {
  const std::string manifest =
      replaced(replaced(kOld, R"("to": {"type": "string"})", R"("recipient": {"type": "string"})"),
               R"("to": {"type": "text", "label": "To"})",
               R"("recipient": {"type": "text", "label": "To"})");
  const auto hit = impact(manifest);
  EXPECT_THAT(kinds(hit), ElementsAre("input-renamed in.in.to auto-migratable"));
  const std::string flow = migrated(manifest);
  EXPECT_THAT(flow, testing::HasSubstr(R"("lambda":{"recipient":"{{{m1}}}","kind":"a"})"));
  EXPECT_THAT(flow, testing::HasSubstr(R"("modifiers":{"recipient":{"m1")"));
  EXPECT_THAT(flow, testing::HasSubstr(R"("$.hook.out.to")"));
}

TEST(Migration, ARenamedOutputMovesInEveryMapping) {
  const std::string manifest = replaced(kOld, R"("value": "id")", R"("value": "messageId")");
  EXPECT_THAT(kinds(impact(manifest)),
              ElementsAre("output-field-renamed out.out.id auto-migratable"));
  EXPECT_THAT(migrated(manifest), testing::HasSubstr(R"("variable":"$.send.out.messageId")"));
}

TEST(Migration, ARenamedOutPortMovesLinksAndMappings) {
  const std::string manifest = replaced(kOld, R"({"name": "out",)", R"({"name": "sent",)");
  EXPECT_THAT(kinds(impact(manifest)), ElementsAre("output-port-renamed out.out auto-migratable"));
  const std::string flow = migrated(manifest);
  EXPECT_THAT(flow, testing::HasSubstr(R"("source":{"in":{"send":["sent"]}})"));
  EXPECT_THAT(flow, testing::HasSubstr(R"("transform":{"in":{"send":{"sent":)"));
  EXPECT_THAT(flow, testing::HasSubstr(R"("variable":"$.send.sent.id")"));
  EXPECT_THAT(flow, testing::HasSubstr(R"("source":{"in":{"hook":["out"]}})"));
}

TEST(Migration, TwiceIsOnce) {
  const std::string manifest = replaced(kOld, R"("value": "id")", R"("value": "messageId")");
  const auto changes = impact(manifest);
  const auto once = migrate(json::parseOwn(kFlow).as_object(), changes);
  EXPECT_EQ(migrate(once, changes), once);
}

}  // namespace
}  // namespace patchbay::updates
