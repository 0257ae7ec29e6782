#include "connectors/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/testing_corpus.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string firstFault(const Verdict& verdict) {
  return verdict.faults.empty()
             ? "fine"
             : verdict.faults.front().dataPath + " " + verdict.faults.front().message;
}

TEST(ComponentManifest, SaysWhatTheEngineNeeds) {
  const auto manifest = readComponentManifest(R"({
    "name": "acme.invoices.core.CreateInvoice", "private": true, "webhook": true, "version": "1.2.0",
    "auth": {"service": "acme:invoices"}, "state": {"persistent": true}, "tick": {"period": 5000},
    "inPorts": ["in", {"name": "other", "maxConnections": 1}], "outPorts": [{"name": "out"}, "notFound"]})");
  ASSERT_EQ(firstFault(manifest), "fine");
  const Component& component = manifest.component;
  EXPECT_EQ(component.label, "Create Invoice");
  EXPECT_EQ(component.service, "acme:invoices");
  EXPECT_EQ(component.authService, "acme:invoices");
  EXPECT_EQ(component.configService, "acme:invoices");
  EXPECT_THAT(component.inPorts, ElementsAre("in", "other"));
  EXPECT_THAT(component.outPorts, ElementsAre("out", "notFound"));
  EXPECT_EQ(component.maxConnections.at("other"), 1);
  EXPECT_TRUE(component.isPrivate && component.webhook && component.persistentState &&
              component.tick);
  EXPECT_EQ(component.tickPeriodMs, 5000);
  EXPECT_FALSE(component.isTrigger());
  EXPECT_TRUE(component.hasOutPort("error"));
  EXPECT_FALSE(component.hasInPort("error"));
}

TEST(ComponentManifest, ConfigurationComesFromTheNearestThatNamesOne) {
  EXPECT_EQ(readComponentManifest(R"({"name":"a.b.c.D","config":"a:b:c"})").component.configService,
            "a:b:c");
  EXPECT_EQ(readComponentManifest(
                R"({"name":"a.b.c.D","authConfig":{"service":"a:x"},"auth":{"service":"a:b"}})")
                .component.configService,
            "a:x");
  EXPECT_EQ(readComponentManifest(R"({"name":"a.b.c.D"})").component.configService, "");
}

TEST(ComponentManifest, WarnsAboutWhatItDoesNotKnow) {
  const auto manifest = readComponentManifest(R"({"name":"a.b.c.D","sparkle":1,"private":"yes"})");
  EXPECT_EQ(firstFault(manifest), "fine");
  EXPECT_THAT(manifest.warnings,
              testing::UnorderedElementsAre(HasSubstr(".sparkle is not known"),
                                            HasSubstr(".private should be boolean")));
}

TEST(ComponentManifest, RefusesWhatNobodyCanWorkWith) {
  EXPECT_THAT(firstFault(readComponentManifest("{")), HasSubstr("not valid JSON"));
  EXPECT_EQ(firstFault(readComponentManifest("[]")), " should be object");
  EXPECT_EQ(firstFault(readComponentManifest("{}")), " should have required property 'name'");
  for (const char* name : {"a.b.c", "a.b.c.d.e", "a..c.d", "a.b.c.D-x", "../b.c.d", ""}) {
    const auto manifest = readComponentManifest(json::write(json::object{{"name", name}}));
    EXPECT_THAT(firstFault(manifest),
                HasSubstr(".name should be a name of the form vendor.service.module.Component"))
        << name;
  }
  EXPECT_THAT(firstFault(readComponentManifest(R"({"name":"a.b.c.D","inPorts":{}})")),
              HasSubstr(".inPorts should be array"));
  EXPECT_THAT(firstFault(readComponentManifest(R"({"name":"a.b.c.D","outPorts":[{}]})")),
              HasSubstr(".outPorts[0].name"));
  EXPECT_THAT(firstFault(readComponentManifest(R"({"name":"a.b.c.D","outPorts":["x","x"]})")),
              HasSubstr("second port \"x\""));
}

TEST(ComponentManifest, IsBounded) {
  EXPECT_THAT(firstFault(readComponentManifest(std::string(kMaxManifestBytes + 1, ' '))),
              HasSubstr("larger than 4 MiB"));
  EXPECT_THAT(firstFault(readComponentManifest(std::string(100'000, '['))),
              HasSubstr("not valid JSON"));
  json::array ports(300);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    ports[i] = "p" + std::to_string(i);
  }
  EXPECT_THAT(firstFault(readComponentManifest(
                  json::write(json::object{{"name", "a.b.c.D"}, {"inPorts", ports}}))),
              HasSubstr("more than 256 ports"));
}

TEST(AppManifest, NeedsItsFiveKeys) {
  const auto manifest =
      readServiceManifest(R"({"name":"acme.invoices","category":"x","icon":"","description":""})");
  ASSERT_EQ(manifest.faults.size(), 1U);
  EXPECT_EQ(
      json::write(manifest.faults[0].toJson()),
      R"({"keyword":"required","dataPath":"","schemaPath":"#/required","params":{"missingProperty":"label"},"message":"should have required property 'label'"})");
  EXPECT_THAT(
      firstFault(readModuleManifest(
          R"({"name":"acme.invoices","label":"","category":"","icon":"","description":""})")),
      HasSubstr("vendor.service.module"));
}

TEST(BundleManifest, ChecksVersionAndEngine) {
  const auto manifest =
      readBundleManifest(R"({"name":"acme.x","version":"1.2.3","engine":">=6.0"})");
  ASSERT_EQ(firstFault(manifest), "fine");
  EXPECT_TRUE(manifest.fitsEngine(kEngineVersion));
  EXPECT_FALSE(manifest.fitsEngine("5.9.0"));
  EXPECT_THAT(firstFault(readBundleManifest(R"({"name":"acme.x"})")), HasSubstr("'version'"));
  EXPECT_THAT(firstFault(readBundleManifest(R"({"name":"acme.x","version":"1.2"})")),
              HasSubstr(".version should be a version"));
  EXPECT_THAT(
      firstFault(readBundleManifest(R"({"name":"acme.x","version":"1.2.3","engine":"soon"})")),
      HasSubstr(".engine should be a range"));
}

// Real manifests of a public collection, where they are at hand.
TEST(Corpus, EveryManifestButThoseNamedInThreePartsIsAccepted) {
  const auto rows = base::corpusRows("manifests.ndjson.gz");
  if (rows.empty()) {
    GTEST_SKIP() << "No corpus at " << base::corpusFile("manifests.ndjson.gz") << "; set PATCHBAY_SHARED.";
  }
  std::vector<std::string> refused, warned;
  for (const json::value& row : rows) {
    const std::string path = json::getString(row.as_object(), "path");
    const std::string text = json::write(row.as_object().at("json"));
    const std::string name = path.substr(path.rfind('/') + 1);
    Verdict verdict;
    if (name == "component.json") {
      verdict = readComponentManifest(text);
    } else if (name == "service.json") {
      verdict = readServiceManifest(text);
    } else if (name == "module.json") {
      verdict = readModuleManifest(text);
    } else if (name == "bundle.json") {
      const auto manifest = readBundleManifest(text);
      EXPECT_TRUE(manifest.fitsEngine(kEngineVersion)) << path;
      verdict = manifest;
    }
    for (const Fault& fault : verdict.faults) {
      refused.push_back(path + ": " + fault.dataPath + " " + fault.message);
    }
    for (const std::string& warning : verdict.warnings) {
      warned.push_back(path + ": " + warning);
    }
  }
  EXPECT_EQ(rows.size(), 1796U);
  // Two services name their components in three parts; a type has four (docs/formats/bundle.md §3).
  EXPECT_EQ(refused.size(), 19U);
  EXPECT_THAT(refused,
              testing::Each(testing::MatchesRegex("appmixer/google(Contacts|Slides)/[A-Za-z]+/"
                                                  "component.json: .name should be a name of the "
                                                  "form vendor.service.module.Component")));
  EXPECT_THAT(warned, IsEmpty());
}

}  // namespace
}  // namespace patchbay::connectors
