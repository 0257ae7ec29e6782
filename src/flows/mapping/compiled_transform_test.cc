#include "flows/mapping/compiled_transform.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "flows/mapping/json_cursor.h"
#include "flows/mapping/variable_path.h"

namespace patchbay::flows {
namespace {

std::string_view member(std::string_view object, std::string_view name) {
  const auto found = mapping::memberOf(object, name);
  return found ? found->text : std::string_view();
}

std::string textMember(std::string_view object, std::string_view name) {
  const std::string_view json = member(object, name);
  return json.empty() ? std::string() : std::string(json::parseOwn(json).get_string());
}

// A golden case, whose raw texts are slices of its line (written by JSON.stringify).
struct GoldenCase {
  explicit GoldenCase(std::string_view json)
      : name(textMember(json, "name")), transform(json::parseOwn(member(json, "transform"))),
        expected(member(json, "value")) {
    const std::string_view env = member(json, "env");
    for (const auto key : {"flowId", "flowName", "userId", "webhookUrl", "messageId"}) {
      if (!member(env, key).empty()) {
        texts[key] = textMember(env, key);
      }
    }
    const auto text = [this](const char* key) {
      const auto it = texts.find(key);
      return it == texts.end() ? std::nullopt : std::optional<std::string_view>(it->second);
    };
    input.env = {text("flowId"), text("flowName"), text("userId"), text("webhookUrl"), member(env, "customFields"),
                 text("messageId").value_or(""), json::parseOwn(member(env, "arrivedAt")).to_number<std::int64_t>()};
    input.content = member(json, "content");
    const std::string_view scope = member(json, "scope");
    input.scope = [scope](std::string_view componentId, std::string_view port) -> std::optional<std::string_view> {
      const std::string_view payload = member(member(scope, componentId), port);
      return payload.empty() ? std::nullopt : std::optional(payload);
    };
  }

  std::string name;
  json::value transform;
  std::string_view expected;  // empty = undefined
  std::map<std::string, std::string> texts;
  MappingInput input;
};

std::string readFile(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct Tally {
  int all = 0, native = 0, done = 0;
};

void compare(std::string_view json, Tally& tally) {
  const GoldenCase golden(json);
  const auto compiled = CompiledTransform::compile(golden.transform);
  ASSERT_TRUE(compiled) << golden.name << ": " << compiled.error().message;
  std::string content;
  const Mapped mapped = compiled->evaluate(golden.input, content);
  ++tally.all;
  tally.native += compiled->native() ? 1 : 0;
  if (mapped == Mapped::kNeedsMapper) {
    return;
  }
  ++tally.done;
  EXPECT_TRUE(compiled->native()) << golden.name;
  EXPECT_EQ(mapped == Mapped::kUndefined, golden.expected.empty()) << golden.name;
  if (mapped == Mapped::kDone) {
    EXPECT_EQ(content, golden.expected) << golden.name;
  }
}

TEST(CompiledTransform, AgreesWithJavaScriptOnEveryGoldenCaseItEvaluates) {
  Tally tally;
  const auto folder = std::filesystem::path(PATCHBAY_SOURCE_DIR) / "protocol/mapping-cases";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".json") {
      continue;
    }
    const std::string text = readFile(file.path());
    mapping::ArrayCursor cases(mapping::trimmedValue(text));
    while (cases.next()) {
      compare(cases.value(), tally);
    }
    EXPECT_FALSE(cases.failed()) << file.path();
  }
  RecordProperty("evaluated", tally.done);
  EXPECT_GE(tally.all, 700);
  EXPECT_GE(tally.done, 280) << "of " << tally.native << " native ones";
}

CompiledTransform compileText(std::string_view transform) {
  auto compiled = CompiledTransform::compile(json::parseOwn(transform));
  EXPECT_TRUE(compiled);
  return std::move(*compiled);
}

MappingInput withPayload(std::string_view payload) {
  MappingInput input;
  input.scope = [payload](std::string_view, std::string_view) { return std::optional(payload); };
  return input;
}

// Maps one variable `$.c.out.v` through functions, whole and inside a text.
std::string mapped(std::string_view payload, std::string_view functions = "[]") {
  const std::string entry =
      R"({"a":{"variable":"$.c.out.v","functions":)" + std::string(functions) + "}}";
  const auto compiled = compileText(R"({"lambda":{"x":"{{{a}}}","y":"<{{{a}}}>"},"modifiers":{"x":)" + entry +
                                    R"(,"y":)" + entry + "}}");
  std::string out;
  return compiled.evaluate(withPayload(payload), out) == Mapped::kDone ? out : "needs mapper";
}

TEST(CompiledTransform, RefusesMalformedTransforms) {
  for (const auto text : {"null", "5", "[]", R"({"type":"xml2new"})", R"({"type":5})"}) {
    const auto compiled = CompiledTransform::compile(json::parseOwn(text));
    ASSERT_FALSE(compiled) << text;
    EXPECT_EQ(compiled.error().code, base::Code::kInvalid);
    EXPECT_TRUE(compiled.error().message.starts_with("Malformed transformation")) << compiled.error().message;
  }
}

TEST(CompiledTransform, WritesNumbersAsJavaScriptWhateverTheirSpelling) {
  EXPECT_EQ(mapped(R"({"v":-0})"), R"({"x":0,"y":"<0>"})");
  EXPECT_EQ(mapped(R"({"v":1.0})"), R"({"x":1,"y":"<1>"})");
  EXPECT_EQ(mapped(R"({"v":1E+2})"), R"({"x":100,"y":"<100>"})");
  EXPECT_EQ(mapped(R"({"v":12345678901234567890})"), R"({"x":12345678901234567000,"y":"<12345678901234567000>"})");
  EXPECT_EQ(mapped(R"({"v":1e400})"), "needs mapper");
}

TEST(CompiledTransform, LeavesToTheMapperWhereJavaScriptWouldReorderOrHideMembers) {
  EXPECT_EQ(mapped(R"({"v":{"b":1,"0":2}})"), "needs mapper");
  EXPECT_EQ(mapped(R"({"v":{"b":1,"b":2}})"), "needs mapper");
  EXPECT_EQ(mapped(R"({"v":{"b":1.0}})"), R"({"x":{"b":1.0},"y":"<{\"b\":1}>"})");
}

TEST(CompiledTransform, TakesTheLastOfMembersWithOneName) {
  EXPECT_EQ(mapped(R"({"v":1,"v":2})"), R"({"x":2,"y":"<2>"})");
}

TEST(CompiledTransform, FindsMembersWhoseNamesAreWrittenWithEscapes) {
  EXPECT_EQ(mapped(R"({"\u0076":"a\u00e9\/"})"), R"({"x":"a\u00e9\/","y":"<a\u00e9\/>"})");
}

TEST(CompiledTransform, KeepsContentOnOneLine) {
  EXPECT_EQ(mapped("{\n \"v\" : [1,\r\n 2]\n}"), R"({"x":[1, 2],"y":"<[1,2]>"})");
}

TEST(CompiledTransform, LeavesTextBeyondAsciiToTheMapperWhenItsCaseChanges) {
  EXPECT_EQ(mapped(R"({"v":"ab"})", R"([{"name":"g_uppercase"}])"), R"({"x":"AB","y":"<AB>"})");
  EXPECT_EQ(mapped(R"({"v":"\u00e9"})", R"([{"name":"g_uppercase"}])"), "needs mapper");
  EXPECT_EQ(mapped("{\"v\":\"\u00a0a\"}", R"([{"name":"g_trim"}])"), "needs mapper");
}

TEST(CompiledTransform, LeavesMalformedPayloadsToTheMapper) {
  for (const auto payload : {"", "{", "{\"v\"", "{\"v\":", "{\"v\":\"a", "{\"v\":[1,", "{\"v\":1]", "{v:1}", "{\"v\":1 2}"}) {
    EXPECT_EQ(mapped(payload), "needs mapper") << payload;
  }
}

TEST(CompiledTransform, NamesThePayloadsItReads) {
  const auto compiled = compileText(
      R"({"lambda":{"x":"{{{a}}}{{{b}}}{{{c}}}"},"modifiers":{"x":{"a":{"variable":"$.one.out.v"},
          "b":{"variable":"$.one.out"},"c":{"variable":"name"}}}})");
  EXPECT_TRUE(compiled.native());
  EXPECT_FALSE(compiled.needsWholeScope());
  EXPECT_EQ(compiled.references(), (std::vector<ScopeReference>{{"one", "out"}}));
}

TEST(CompiledTransform, NamesThePayloadsAMapperReadsForIt) {
  const auto compiled = compileText(
      R"({"lambda":{"x":"{{{a}}}"},"modifiers":{"x":{"a":{"variable":"$.one.out.v","functions":[{"name":"g_map",
          "params":[{"value":"{{{p}}}","modifiers":{"p":{"variable":"$.two.in"}}}]}]}}}})");
  EXPECT_FALSE(compiled.native());
  EXPECT_FALSE(compiled.needsWholeScope());
  EXPECT_EQ(compiled.references(), (std::vector<ScopeReference>{{"one", "out"}, {"two", "in"}}));
  EXPECT_TRUE(compileText(R"({"lambda":{"x":"{{{a}}}"},"modifiers":{"x":{"a":{"variable":"$.one"}}}})").needsWholeScope());
  EXPECT_TRUE(compileText(R"({"lambda":{"x":"{{{g_map $.a.b 1}}}"}})").needsWholeScope());
}

TEST(CompiledTransform, DoesNotRunNativelyWhatAnAdminHasChanged) {
  const auto shipped = json::parseOwn(
      readFile(std::filesystem::path(PATCHBAY_SOURCE_DIR) / "runtime-js/mapper/modifiers.json"));
  EXPECT_TRUE(changedModifiers(shipped, shipped).empty());
  auto edited = shipped;
  auto& modifiers = edited.as_object()["modifiers"].as_object();
  modifiers["g_uppercase"].as_object()["helperFn"] = "function(value) { return 1; }";
  modifiers["g_first"].as_object()["arguments"] = json::array{json::object{{"name", "n"}}};
  modifiers.erase("g_last");
  modifiers["g_not"].as_object()["label"] = "Other words change nothing";
  const ChangedModifiers changed = changedModifiers(edited, shipped);
  EXPECT_EQ(changed, (ChangedModifiers{"g_uppercase", "g_first", "g_last"}));
  const auto transform = json::parseOwn(
      R"({"lambda":{"x":"{{{a}}}"},"modifiers":{"x":{"a":{"variable":"n","functions":[{"name":"g_uppercase"}]}}}})");
  EXPECT_TRUE(CompiledTransform::compile(transform)->native());
  EXPECT_FALSE(CompiledTransform::compile(transform, changed)->native());
}

TEST(CompiledTransform, StopsAtEntriesThatReferToThemselves) {
  const auto compiled = compileText(
      R"({"lambda":{"x":"{{{a}}}"},"modifiers":{"x":{"a":{"functions":[{"name":"g_add","params":[{"value":"{{{a}}}"}]}]}}}})");
  EXPECT_FALSE(compiled.native());
  std::string doubling = R"({"lambda":{"x":"{{{e0}}}"},"modifiers":{"x":{)";
  for (int i = 0; i < 24; ++i) {
    const std::string next = "{{{e" + std::to_string(i + 1) + "}}}";
    doubling += (i > 0 ? ",\"e" : "\"e") + std::to_string(i) +
                R"(":{"functions":[{"name":"g_condition","params":[{"value":")" + next + R"("},{"value":")" + next +
                R"("}]}]})";
  }
  EXPECT_FALSE(compileText(doubling + "}}}").native());
}

TEST(CompiledTransform, UsesOneOutputForManyMessages) {
  const auto compiled = compileText(R"({"lambda":{"x":"{{{a}}}"},"modifiers":{"x":{"a":{"variable":"$.c.out.v"}}}})");
  std::string out;
  EXPECT_EQ(compiled.evaluate(withPayload(R"({"v":"long enough to grow"})"), out), Mapped::kDone);
  EXPECT_EQ(compiled.evaluate(withPayload(R"({"v":1})"), out), Mapped::kDone);
  EXPECT_EQ(out, R"({"x":1})");
}

}  // namespace
}  // namespace patchbay::flows
