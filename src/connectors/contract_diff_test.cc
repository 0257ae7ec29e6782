#include "connectors/contract_diff.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "base/json.h"
#include "base/testing_corpus.h"
#include "connectors/bundle_contract.h"

namespace patchbay::connectors {
namespace {

Contracts contracts(std::initializer_list<std::string_view> manifests) {
  Contracts all;
  for (const std::string_view text : manifests) {
    ComponentContract contract = contractOf(json::parseOwn(text));
    std::string name = contract.name;
    all.emplace(std::move(name), std::move(contract));
  }
  return all;
}

using Lines = std::vector<std::string>;

Lines lines(std::string_view before, std::string_view after) {
  Lines lines;
  for (const Change& change : diff(contracts({before}), contracts({after}))) {
    lines.push_back(std::string(change.kind) + " " + change.where + " " +
                    std::string(severityText(change.severity)));
  }
  return lines;
}

std::string component(std::string_view members) {
  return R"({"name":"a.b.c.D",)" + std::string(members) + "}";
}

std::string inPort(std::string_view fields, std::string_view required = "[]") {
  return component(R"("inPorts":[{"name":"in","schema":{"properties":{)" + std::string(fields) +
                   R"(},"required":)" + std::string(required) + "}}]");
}

TEST(ContractDiff, EqualManifestsAndWordsForPeopleChangeNothing) {
  EXPECT_EQ(lines(inPort(R"("to":{"type":"string","title":"To"})"),
                  inPort(R"("to":{"title":"Receiver","description":"Who","type":"string"})")),
            Lines{});
}

TEST(ContractDiff, InputsThatGoMoveOrGetAnotherName) {
  EXPECT_EQ(lines(inPort(R"("to":{"type":"string"})"), inPort("")),
            Lines{"input-removed in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{"type":"string","title":"Receiver"})"),
                  inPort(R"("receiver":{"type":"string","title":"Receiver"})")),
            Lines{"input-renamed in.in.to breaking-if-used"});
  EXPECT_EQ(lines(component(R"("properties":{"schema":{"properties":{"to":{}}}},"inPorts":["in"])"),
                  inPort(R"("to":{})")),
            (Lines{"other in.in.to harmless", "input-moved properties.to breaking-if-used"}));
  EXPECT_EQ(lines(component(R"("inPorts":["in"])"), component(R"("inPorts":["out"])")),
            Lines{"input-removed in.in breaking-if-used"});
}

TEST(ContractDiff, InputsThatAskForMore) {
  EXPECT_EQ(lines(inPort(""), inPort(R"("to":{})")), Lines{"other in.in.to harmless"});
  EXPECT_EQ(lines(inPort(""), inPort(R"("to":{})", R"(["to"])")),
            Lines{"input-new-required in.in.to breaking"});
  EXPECT_EQ(lines(inPort(""), inPort(R"("to":{"default":1})", R"(["to"])")),
            Lines{"other in.in.to harmless"});
  EXPECT_EQ(lines(inPort(R"("to":{})"), inPort(R"("to":{})", R"(["to"])")),
            Lines{"input-became-required in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{})", R"(["to"])"), inPort(R"("to":{})")), Lines{});
  EXPECT_EQ(lines(inPort(R"("to":{"maxLength":9})"), inPort(R"("to":{"maxLength":8})")),
            Lines{"input-validation-tightened in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{"maxLength":9,"minimum":2})"),
                  inPort(R"("to":{"maxLength":10,"minimum":1})")),
            Lines{});
  EXPECT_EQ(lines(inPort(R"("to":{})"), inPort(R"("to":{"pattern":"x"})")),
            Lines{"input-validation-tightened in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{"enum":["a","b"]})"), inPort(R"("to":{"enum":["b","c"]})")),
            Lines{"input-enum-narrowed in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{"enum":["a"]})"), inPort(R"("to":{"enum":["b","a"]})")), Lines{});
  EXPECT_EQ(lines(inPort(R"("to":{"default":"a"})"), inPort(R"("to":{"default":"b"})")),
            Lines{"default-changed in.in.to behaviour"});
}

TEST(ContractDiff, TypesMayWidenOnly) {
  const auto typed = [](std::string_view type) {
    return inPort(R"("to":{"type":)" + std::string(type) + "}");
  };
  EXPECT_EQ(lines(typed(R"("number")"), typed(R"("string")")), Lines{});
  EXPECT_EQ(lines(typed(R"("integer")"), typed(R"(["number","null"])")), Lines{});
  EXPECT_EQ(lines(typed(R"("string")"), inPort(R"("to":{})")), Lines{});
  EXPECT_EQ(lines(typed(R"("string")"), typed(R"("number")")),
            Lines{"input-retyped in.in.to breaking-if-used"});
  EXPECT_EQ(lines(inPort(R"("to":{})"), typed(R"("string")")), Lines{});
  EXPECT_EQ(lines(inPort(R"("to":{})"), typed(R"("number")")),
            Lines{"input-retyped in.in.to breaking-if-used"});
  EXPECT_EQ(lines(typed(R"("array")"), typed(R"("string")")),
            Lines{"input-retyped in.in.to breaking-if-used"});
}

TEST(ContractDiff, OutputsThatLaterComponentsMap) {
  const auto out = [](std::string_view ports) {
    return component(R"("outPorts":[)" + std::string(ports) + "]");
  };
  EXPECT_EQ(lines(out(R"("out","late")"), out(R"("out")")),
            Lines{"output-port-removed out.late breaking-if-used"});
  EXPECT_EQ(lines(out(R"({"name":"out","options":[{"value":"id"}]})"),
                  out(R"({"name":"item","options":[{"value":"id"}]})")),
            Lines{"output-port-renamed out.out breaking-if-used"});
  EXPECT_EQ(lines(out(R"({"name":"out","options":[{"value":"id","label":"Id"},{"value":"a"}]})"),
                  out(R"({"name":"out","options":[{"value":"key","label":"Id"},{"value":"b"}]})")),
            (Lines{"output-field-removed out.out.a breaking-if-used",
                   "output-field-renamed out.out.id breaking-if-used"}));
  EXPECT_EQ(
      lines(
          out(R"({"name":"out","schema":{"properties":{"a":{"type":"object","properties":{"b":{"type":"number"}}}}}})"),
          out(R"({"name":"out","schema":{"properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}}}}})")),
      Lines{"output-field-retyped out.out.a.b breaking-if-used"});
  EXPECT_EQ(lines(out(R"({"name":"out","options":[{"value":"id"}]})"),
                  out(R"({"name":"out","source":{"url":"/x"}})")),
            Lines{"other out.out behaviour"});
}

TEST(ContractDiff, AccountTriggerQuotaAndComponents) {
  EXPECT_EQ(
      lines(component(R"("auth":{"service":"a:b"})"), component(R"("auth":{"service":"a:c"})")),
      Lines{"auth-service-changed auth breaking"});
  EXPECT_EQ(lines(component(R"("auth":{"service":"a:b"})"), component(R"("x":1)")),
            Lines{"auth-service-changed auth harmless"});
  EXPECT_EQ(lines(component(R"("auth":{"service":"a:b","scope":["r"]})"),
                  component(R"("auth":{"service":"a:b","scope":["w","r"]})")),
            Lines{"auth-scope-added auth breaking"});
  EXPECT_EQ(lines(component(R"("auth":{"service":"a:b","scope":["r"]})"),
                  component(R"("auth":{"service":"a:b"})")),
            Lines{});
  EXPECT_EQ(lines(component(R"("tick":true)"), component(R"("webhook":true)")),
            Lines{"trigger-mechanism-changed  breaking"});
  EXPECT_EQ(
      lines(component(R"("quota":{"manager":"a:b"})"), component(R"("quota":{"manager":"a:c"})")),
      Lines{"quota-changed quota behaviour"});
  EXPECT_EQ(lines(component(R"("x":1)"), component(R"("private":true)")),
            Lines{"component-private  breaking-if-used"});
  const auto change = diff(contracts({R"({"name":"a.b.c.Send","inPorts":["in"]})"}),
                           contracts({R"({"name":"a.b.d.Send","inPorts":["in"]})"}));
  ASSERT_EQ(change.size(), 1u);
  EXPECT_EQ(change[0].kind, "component-renamed");
  const auto removed =
      diff(contracts({R"({"name":"a.b.c.Send"})"}), contracts({R"({"name":"a.b.c.Take"})"}));
  ASSERT_EQ(removed.size(), 2u);
  EXPECT_EQ(removed[0].kind, "component-removed");
  EXPECT_EQ(removed[0].severity, Severity::kBreaking);
}

TEST(ContractDiff, WhatIsDeclared) {
  const auto declared = [](const char* from, const char* to, std::string_view changelog) {
    return isDeclaredBreaking(*parseVersion(from), *parseVersion(to), json::parseOwn(changelog));
  };
  EXPECT_TRUE(declared("1.9.0", "2.0.1", "{}"));
  EXPECT_FALSE(
      declared("1.0.0", "1.0.1", R"({"1.0.1":["A fix."],"1.0.0":["(breaking change) once"]})"));
  EXPECT_TRUE(declared("1.0.0", "1.2.0", R"({"1.1.0":["BREAKING CHANGE: new input"],"1.2.0":[]})"));
  EXPECT_TRUE(declared("1.0.0", "1.1.0", R"({"1.1.0":"Breaking: text"})"));
  EXPECT_FALSE(declared("1.0.0", "1.1.0", R"({"1.1.0":["A non-breaking change"]})"));
  EXPECT_FALSE(declared("1.0.0", "1.1.0", R"(["breaking"])"));
}

// One row per raised version: bundle, from, to, declared, breaking, and its changes
// (docs/contract_diff_report.md).
TEST(ContractDiff, ReportOverTheRaisedVersionsOfTheCorpus) {
  const auto rows = base::corpusRows("version-bumps.ndjson.gz");
  if (rows.empty()) {
    GTEST_SKIP() << "No corpus at " << base::corpusFile("version-bumps.ndjson.gz") << "; set PATCHBAY_SHARED.";
  }
  const bool verbose = std::getenv("PATCHBAY_DIFF_REPORT") != nullptr;
  std::map<std::string, int> table;
  std::map<std::string, int> kinds;
  for (const json::value& value : rows) {
    const json::object& row = value.as_object();
    Contracts before;
    Contracts after;
    for (const json::value& pair : json::getArray(row, "components")) {
      for (const auto& [key, side] : {std::pair("before", &before), std::pair("after", &after)}) {
        if (const json::value* manifest = json::find(pair.as_object(), key);
            manifest != nullptr && manifest->is_object()) {
          ComponentContract contract = contractOf(*manifest);
          side->emplace(contract.name, contract);
        }
      }
    }
    const auto from = parseVersion(json::getString(row, "from"));
    const auto to = parseVersion(json::getString(row, "to"));
    ASSERT_TRUE(from && to) << json::getString(row, "bundle");
    const json::value* changelog = json::find(row, "changelogTo");
    const auto changes = diff(before, after);
    const bool declared =
        isDeclaredBreaking(*from, *to, changelog == nullptr ? json::value() : *changelog);
    const std::string step = from->major != to->major   ? "major"
                             : from->minor != to->minor ? "minor"
                                                        : "patch";
    ++table[step + (declared ? ", declared" : ", not declared") +
            (isBreaking(changes) ? ", breaking" : ", not breaking")];
    std::set<std::string> seen;
    for (const Change& change : changes) {
      if (change.severity <= Severity::kBreakingIfUsed) {
        seen.emplace(change.kind);
      }
      if (verbose) {
        std::cout << json::getString(row, "bundle") << " " << from->text() << " " << to->text()
                  << (declared ? " declared " : " - ") << json::write(toJson(change)) << "\n";
      }
    }
    for (const std::string& kind : seen) {
      ++kinds[kind];
    }
  }
  for (const auto& [cell, count] : table) {
    std::cout << cell << ": " << count << "\n";
  }
  for (const auto& [kind, count] : kinds) {
    std::cout << kind << ": " << count << " raised versions\n";
  }
  EXPECT_EQ(rows.size(), 253u);
  EXPECT_GT(kinds["input-removed"], 0);
  EXPECT_GT(kinds["output-port-renamed"], 0);
  EXPECT_GT(kinds["auth-scope-added"], 0);
}

}  // namespace
}  // namespace patchbay::connectors
