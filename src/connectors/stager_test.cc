#include "connectors/stager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/testing_ground.h"
#include "connectors/testing_zip.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string errOf(const json::object& answer) {
  EXPECT_TRUE(answer.contains("finished")) << json::write(answer);
  return json::getString(answer, "err", "fine");
}

std::vector<std::string> typesOf(const Registry& registry, const std::string& bundle) {
  std::vector<std::string> types;
  if (const auto revision = registry.current(bundle)) {
    for (const Component& component : revision->components) {
      types.push_back(component.name);
    }
  }
  return types;
}

TEST(Publish, InstallsAServiceBundle) {
  Ground ground;
  const json::object answer =
      ground.publish(serviceBundle("invoices", "1.2.0", {"Create", "List"}));
  ASSERT_EQ(errOf(answer), "fine");
  EXPECT_FALSE(answer.contains("data"));
  const auto revision = ground.registry->current("acme.invoices");
  ASSERT_TRUE(revision);
  EXPECT_THAT(revision->id, StartsWith("acme.invoices/1.2.0-"));
  EXPECT_EQ(revision->root, ground.folder.path() / "bundles" / revision->id);
  EXPECT_TRUE(std::filesystem::exists(revision->root / "acme/invoices/core/Create/Create.js"));
  EXPECT_EQ(revision->worker->revision, revision->id);
  EXPECT_EQ(revision->worker->root, revision->root);
  EXPECT_FALSE(revision->components.at(0).usesScope);
  EXPECT_TRUE(ground.registry->find("acme.invoices.core.Create"));
  EXPECT_EQ(ground.registry->find("acme.invoices.core.Create").component->configService,
            "acme:invoices");
  std::shared_ptr<const Revision> holder;
  EXPECT_TRUE(ground.registry->findAuth("acme:invoices:core", holder));
  EXPECT_EQ(ground.stagingEntries(), 0U);
}

TEST(Publish, TheSameTreeAgainChangesNothing) {
  Ground ground;
  const Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  ground.publish(files);
  const auto before = ground.registry->current("acme.invoices");
  int changes = 0;
  ground.registry->onChange([&changes](const std::string&) { ++changes; });
  EXPECT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_EQ(ground.registry->current("acme.invoices"), before);
  EXPECT_EQ(changes, 0);
  EXPECT_EQ(ground.inspector.calls, 1);
}

TEST(Publish, ANewVersionKeepsTheOldRevisionForPinnedFlows) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create", "Old"}));
  const std::string old = ground.registry->current("acme.invoices")->id;
  EXPECT_EQ(errOf(ground.publish(serviceBundle("invoices", "2.0.0", {"Create"}), true)), "fine");
  EXPECT_EQ(ground.registry->current("acme.invoices")->version, "2.0.0");
  EXPECT_FALSE(ground.registry->find("acme.invoices.core.Old"));
  const Found pinned = ground.registry->findIn(old, "acme.invoices.core.Old");
  ASSERT_TRUE(pinned);
  EXPECT_TRUE(std::filesystem::exists(pinned.revision->root / pinned.component->dir / "Old.js"));
}

TEST(Publish, WithoutReplaceAllFilesAreMerged) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create", "Old"}));
  EXPECT_EQ(errOf(ground.publish(serviceBundle("invoices", "1.1.0", {"New"}))), "fine");
  EXPECT_THAT(
      typesOf(*ground.registry, "acme.invoices"),
      ElementsAre("acme.invoices.core.Create", "acme.invoices.core.New", "acme.invoices.core.Old"));
}

TEST(Publish, APublishedEarlierVersionComesBackAsItWas) {
  Ground ground;
  const Contents first = serviceBundle("invoices", "1.0.0", {"Create"});
  ground.publish(first, true);
  const std::string id = ground.registry->current("acme.invoices")->id;
  ground.publish(serviceBundle("invoices", "2.0.0", {"Create"}), true);
  ground.publish(first, true);
  EXPECT_EQ(ground.registry->current("acme.invoices")->id, id);
  ground.restart();
  EXPECT_EQ(ground.registry->current("acme.invoices")->id, id);
}

TEST(Publish, ASingleComponentJoinsTheInstalledBundle) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create"}));
  const std::string before = ground.registry->current("acme.invoices")->id;
  const Contents one{
      {"acme/invoices/core/New/component.json", R"({"name":"acme.invoices.core.New"})"},
      {"acme/invoices/core/New/New.js", "x"}};
  EXPECT_EQ(errOf(ground.publish(one, true)), "fine");
  EXPECT_THAT(typesOf(*ground.registry, "acme.invoices"),
              ElementsAre("acme.invoices.core.Create", "acme.invoices.core.New"));
  EXPECT_EQ(ground.registry->current("acme.invoices")->version, "1.0.0");
  EXPECT_NE(ground.registry->current("acme.invoices")->id, before);
}

TEST(Publish, ComponentsWithoutAnyBundleMakeOne) {
  Ground ground;
  EXPECT_EQ(errOf(ground.publish({{"New/component.json", R"({"name":"acme.tools.core.New"})"},
                                  {"New/New.js", "x"}})),
            "fine");
  const auto revision = ground.registry->current("acme.tools");
  ASSERT_TRUE(revision);
  EXPECT_EQ(revision->version, "1.0.0");
  ASSERT_EQ(revision->apps.size(), 1U);
  EXPECT_EQ(revision->apps[0].name, "acme.tools");
}

TEST(Publish, SeveralBundlesInOneArchiveAreOneOperation) {
  Ground ground;
  Contents both = serviceBundle("one", "1.0.0", {"A"}) + serviceBundle("two", "1.0.0", {"B"});
  both["acme/two/core/B/component.json"] = "{";
  EXPECT_THAT(errOf(ground.publish(both)), HasSubstr("acme/two/core/B/component.json"));
  EXPECT_TRUE(ground.registry->allCurrent().empty());
  EXPECT_EQ(errOf(ground.publish(serviceBundle("one", "1.0.0", {"A"}) +
                                 serviceBundle("two", "1.0.0", {"B"}))),
            "fine");
  EXPECT_EQ(ground.registry->allCurrent().size(), 2U);
}

const Contents kShared{
    {"acme/suite/commons.js", "1"},
    {"acme/suite/auth.js", "x"},
    {"acme/suite/service.json",
     R"({"name":"acme.suite","label":"Suite","category":"c","icon":"","description":""})"}};

TEST(ContainerService, EachModuleBundleHasItsOwnCopyOfTheServicesFiles) {
  Ground ground;
  EXPECT_EQ(errOf(ground.publish(moduleBundle("suite", "mail", "1.0.0", {"Send"}) + kShared)),
            "fine");
  const Contents newer{{"acme/suite/commons.js", "2"}};
  EXPECT_EQ(
      errOf(ground.publish(moduleBundle("suite", "files", "1.0.0", {"Put"}) + kShared + newer)),
      "fine");
  const auto text = [&](const std::string& bundle) {
    return *readFile(ground.registry->current(bundle)->root / "acme/suite/commons.js", 100);
  };
  EXPECT_EQ(text("acme.suite.mail"), "1");
  EXPECT_EQ(text("acme.suite.files"), "2");
  EXPECT_FALSE(ground.registry->current("acme.suite"));
  EXPECT_EQ(ground.registry->current("acme.suite.mail")->auths.size(), 1U);
}

TEST(ContainerService, AModuleWithoutServiceFilesTakesThoseOfTheNewestRevision) {
  Ground ground;
  ground.publish(moduleBundle("suite", "mail", "1.0.0", {"Send"}) + kShared);
  EXPECT_EQ(errOf(ground.publish(moduleBundle("suite", "files", "1.0.0", {"Put"}))), "fine");
  EXPECT_EQ(
      *readFile(ground.registry->current("acme.suite.files")->root / "acme/suite/commons.js", 100),
      "1");
}

TEST(ContainerService, ServiceFilesAloneMakeARevisionOfEveryBundle) {
  Ground ground;
  ground.publish(moduleBundle("suite", "mail", "1.0.0", {"Send"}) +
                 moduleBundle("suite", "files", "2.0.0", {"Put"}) + kShared);
  EXPECT_EQ(errOf(ground.publish(Contents{{"acme/suite/commons.js", "3"}})), "fine");
  for (const char* bundle : {"acme.suite.mail", "acme.suite.files"}) {
    EXPECT_EQ(*readFile(ground.registry->current(bundle)->root / "acme/suite/commons.js", 100), "3")
        << bundle;
  }
}

TEST(ContainerService, ReplaceAllNeverTouchesASiblingBundle) {
  Ground ground;
  ground.publish(moduleBundle("suite", "mail", "1.0.0", {"Send"}) +
                 moduleBundle("suite", "files", "2.0.0", {"Put"}) + kShared);
  const auto sibling = ground.registry->current("acme.suite.files");
  EXPECT_EQ(errOf(ground.publish(moduleBundle("suite", "mail", "1.1.0", {"Read"}) + kShared, true)),
            "fine");
  EXPECT_THAT(typesOf(*ground.registry, "acme.suite.mail"), ElementsAre("acme.suite.mail.Read"));
  EXPECT_EQ(ground.registry->current("acme.suite.files"), sibling);
}

TEST(Publish, AComponentThatDoesNotLoadIsListedWithItsError) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "Broken", "Missing"});
  files["acme/invoices/core/Broken/Broken.js"] = "BROKEN";
  files.erase("acme/invoices/core/Missing/Missing.js");
  const json::object answer = ground.publish(files);
  EXPECT_EQ(errOf(answer), "fine");
  EXPECT_EQ(ground.registry->find("acme.invoices.core.Create").component->loadError, "");
  EXPECT_EQ(ground.registry->find("acme.invoices.core.Broken").component->loadError,
            "Unexpected token");
  EXPECT_THAT(ground.registry->find("acme.invoices.core.Missing").component->loadError,
              HasSubstr("Missing.js is missing"));
  EXPECT_EQ(json::getArray(answer, "warnings").size(), 2U);
}

TEST(Publish, ABundleInWhichNothingLoadsIsRefused) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/core/Create/Create.js"] = "BROKEN";
  const json::object answer = ground.publish(files);
  EXPECT_THAT(errOf(answer), HasSubstr("No component of acme.invoices loads"));
  EXPECT_EQ(json::write(answer.at("data")),
            R"([{"dataPath":"acme.invoices.core.Create","message":"Unexpected token"}])");
  EXPECT_FALSE(ground.registry->current("acme.invoices"));
  EXPECT_FALSE(std::filesystem::exists(ground.folder.path() / "bundles/acme.invoices"));
}

TEST(Publish, TwoComponentsOfOneNameAreRefused) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/other/Create/component.json"] = R"({"name":"acme.invoices.core.Create"})";
  EXPECT_THAT(errOf(ground.publish(files)),
              HasSubstr("Duplicate component acme.invoices.core.Create"));
}

TEST(Publish, AComponentNamedUnlikeItsFolderIsRefused) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/core/Create/component.json"] = R"({"name":"acme.invoices.core.Elsewhere"})";
  EXPECT_THAT(errOf(ground.publish(files)),
              HasSubstr("says its name is \"acme.invoices.core.Elsewhere\", but it lies in "
                        "acme/invoices/core/Create"));
}

TEST(Publish, ANewerEngineIsAskedForByName) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/bundle.json"] =
      R"({"name":"acme.invoices","version":"2.0.0","engine":">=7.0.0"})";
  EXPECT_THAT(errOf(ground.publish(files)),
              HasSubstr("acme.invoices 2.0.0 needs engine >=7.0.0; this server is 6.4.0"));
}

TEST(Publish, FaultsComeAsRowsWithAMessage) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/service.json"] = R"({"name":"acme.invoices"})";
  const json::object answer = ground.publish(files);
  EXPECT_EQ(errOf(answer), "Invalid schema for acme/invoices/service.json");
  for (const json::value& row : answer.at("data").as_array()) {
    EXPECT_TRUE(row.as_object().at("message").is_string());
    EXPECT_TRUE(row.as_object().at("dataPath").is_string());
  }
  EXPECT_FALSE(answer.contains("error"));
}

TEST(Publish, WhatIsNoZipOrNotTheirsIsRefusedAtOnce) {
  EXPECT_EQ(Stager::check({"hello", {true, {}}, {}, false}).error().code,
            base::Code::kBundleRefused);
  const std::string zip = *writeZip(serviceBundle("invoices", "1.0.0", {"Create"}));
  const auto foreign = Stager::check({zip, {false, {"other"}}, {}, false});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, base::Code::kForbidden);
  EXPECT_THAT(foreign.error().message, HasSubstr("\"acme\""));
  EXPECT_TRUE(Stager::check({zip, {false, {"acme"}}, {}, false}));
}

TEST(Publish, ZipSlipIsRefusedAndLeavesNothing) {
  Ground ground;
  const Archive archive{TestZip::of({{"acme/x/../../../evil.js"}}), {true, {}}, {}, false};
  ASSERT_TRUE(Stager::check(archive));
  EXPECT_THAT(errOf(ground.publish(archive)), HasSubstr("leads out of the archive"));
  EXPECT_EQ(ground.stagingEntries(), 0U);
}

TEST(Dependencies, AreInstalledWhereThePackageJsonIs) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "List"});
  const std::string wanted = R"({"dependencies":{"dep":"1.0.0"}})";
  files["acme/invoices/package.json"] = wanted;
  files["acme/invoices/core/Create/package.json"] = wanted;
  files["acme/invoices/core/List/package.json"] = "{}";
  EXPECT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_THAT(ground.packages.asked,
              ElementsAre("acme/invoices/core/Create"));  // the other asks for the same
  const auto revision = ground.registry->current("acme.invoices");
  EXPECT_THAT(revision->installed, ElementsAre("acme/invoices/core/Create", "acme/invoices"));
  EXPECT_TRUE(std::filesystem::exists(revision->root / "acme/invoices/node_modules/dep/index.js"));
}

TEST(Dependencies, AreTakenOverWhenNothingAboutThemChanged) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"1.0.0"}})";
  ground.publish(files);
  files["acme/invoices/core/Create/Create.js"] = "// changed";
  EXPECT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_EQ(ground.packages.asked.size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(ground.registry->current("acme.invoices")->root /
                                      "acme/invoices/node_modules/dep/index.js"));
}

TEST(Dependencies, ThatCouldNotBeHadAreAskedForAgain) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"1.0.0","rare":"1.0.0"}})";
  ground.packages.warnings = {"acme/invoices: the registry does not have rare"};
  EXPECT_EQ(json::write(*json::find(ground.publish(files), "warnings")),
            R"(["acme/invoices: the registry does not have rare"])");
  files["acme/invoices/core/Create/Create.js"] = "// changed";
  ground.publish(files);
  EXPECT_EQ(ground.packages.asked.size(), 2U);
}

TEST(Dependencies, ThatTheBundleCarriesNeedNoNpm) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"git+ssh://example.org/x.git"}})";
  files["acme/invoices/node_modules/dep/index.js"] = "carried";
  EXPECT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_TRUE(ground.packages.asked.empty());
  EXPECT_EQ(*readFile(ground.registry->current("acme.invoices")->root /
                          "acme/invoices/node_modules/dep/index.js",
                      100),
            "carried");
}

TEST(Dependencies, ThatFailLeaveNothing) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"1.0.0"}})";
  ground.packages.failing = true;
  EXPECT_THAT(errOf(ground.publish(files)),
              HasSubstr("npm could not install the dependencies of acme/invoices"));
  EXPECT_TRUE(ground.registry->allCurrent().empty());
  EXPECT_EQ(ground.stagingEntries(), 0U);
}

TEST(Restart, EverythingInstalledIsThereAgain) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create", "Old"}));
  const std::string old = ground.registry->current("acme.invoices")->id;
  ground.publish(serviceBundle("invoices", "2.0.0", {"Create"}), true);
  ground.restart();
  const auto revision = ground.registry->current("acme.invoices");
  ASSERT_TRUE(revision);
  EXPECT_EQ(revision->version, "2.0.0");
  EXPECT_EQ(revision->components.at(0).label, "Create");
  EXPECT_EQ(revision->components.at(0).dir, "acme/invoices/core/Create");
  EXPECT_EQ(revision->auths.at(0).type, "apiKey");
  EXPECT_EQ(revision->apps.at(0).description, "About invoices");
  EXPECT_FALSE(revision->components.at(0).usesScope);
  EXPECT_TRUE(ground.registry->findIn(old, "acme.invoices.core.Old"));
  EXPECT_EQ(ground.inspector.calls, 2);  // no worker for this
}

TEST(Restart, SweepsWhatAStopLeftBehind) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create"}));
  const auto root = ground.registry->current("acme.invoices")->root;
  std::filesystem::create_directories(ground.folder.path() /
                                      "bundles/acme.invoices/9.9.9-00000000/acme");
  std::filesystem::create_directories(ground.folder.path() / "bundles/.staging/ticket/archive");
  ground.restart();
  EXPECT_FALSE(
      std::filesystem::exists(ground.folder.path() / "bundles/acme.invoices/9.9.9-00000000"));
  EXPECT_EQ(ground.stagingEntries(), 0U);
  EXPECT_TRUE(std::filesystem::exists(root));
}

TEST(Remove, AComponentMakesARevisionWithoutIt) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "Old"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"1.0.0"}})";
  ground.publish(files);
  const std::string before = ground.registry->current("acme.invoices")->id;
  ASSERT_TRUE(ground.remove("acme.invoices.core.Old"));
  EXPECT_THAT(typesOf(*ground.registry, "acme.invoices"), ElementsAre("acme.invoices.core.Create"));
  EXPECT_TRUE(ground.registry->findIn(before, "acme.invoices.core.Old"));
  const auto revision = ground.registry->current("acme.invoices");
  EXPECT_FALSE(std::filesystem::exists(revision->root / "acme/invoices/core/Old"));
  EXPECT_TRUE(std::filesystem::exists(revision->root / "acme/invoices/node_modules/dep/index.js"));
  EXPECT_EQ(ground.inspector.calls, 1);
  EXPECT_EQ(ground.packages.asked.size(), 1U);
  ground.restart();
  EXPECT_FALSE(ground.registry->find("acme.invoices.core.Old"));
}

TEST(Remove, MatchesOnDotsOnly) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create"}) +
                 serviceBundle("inv", "1.0.0", {"Create"}));
  ASSERT_TRUE(ground.remove("acme.inv"));
  EXPECT_TRUE(ground.registry->current("acme.invoices"));
  EXPECT_FALSE(ground.registry->current("acme.inv"));
  EXPECT_EQ(ground.remove("acme.inv").error().code, base::Code::kNotFound);
  EXPECT_EQ(ground.remove("acme.invoices.cor").error().code, base::Code::kNotFound);
}

TEST(Remove, TheLastComponentTakesTheBundleWithIt) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create"}));
  ASSERT_TRUE(ground.remove("acme.invoices.core"));
  EXPECT_FALSE(ground.registry->current("acme.invoices"));
  ground.restart();
  EXPECT_FALSE(ground.registry->current("acme.invoices"));
}

TEST(Remove, AServiceTakesItsModuleBundles) {
  Ground ground;
  ground.publish(moduleBundle("suite", "mail", "1.0.0", {"Send"}) +
                 moduleBundle("suite", "files", "2.0.0", {"Put"}) + kShared);
  ASSERT_TRUE(ground.remove("acme.suite.mail"));
  EXPECT_TRUE(ground.registry->current("acme.suite.files"));
  ASSERT_TRUE(ground.remove("acme.suite"));
  EXPECT_TRUE(ground.registry->allCurrent().empty());
}

TEST(Remove, AsksForAService) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create"}));
  EXPECT_EQ(ground.remove("acme").error().code, base::Code::kInvalid);
  EXPECT_TRUE(ground.registry->current("acme.invoices"));
}

TEST(Download, CanBePublishedAgain) {
  Ground ground;
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "List"});
  files["acme/invoices/package.json"] = R"({"dependencies":{"dep":"1.0.0"}})";
  ground.publish(files);
  const std::string before = ground.registry->current("acme.invoices")->id;
  const auto zip = downloadZip(*ground.registry, "acme.invoices", {true, {}});
  ASSERT_TRUE(zip) << zip.error().message;
  ASSERT_TRUE(ground.remove("acme.invoices"));
  EXPECT_EQ(errOf(ground.publish(Archive{*zip, {true, {}}, {}, false})), "fine");
  EXPECT_EQ(ground.registry->current("acme.invoices")->id, before);
}

TEST(Download, SelectsModulesComponentsAndFiles) {
  Ground ground;
  ground.publish(serviceBundle("invoices", "1.0.0", {"Create", "List"}));
  const auto names = [&](const std::string& selector) {
    std::vector<std::string> out;
    for (const auto& [path, source] : selectFiles(*ground.registry, *Selector::parse(selector))) {
      out.push_back(path);
    }
    return out;
  };
  EXPECT_EQ(names("acme.invoices").size(), 7U);
  EXPECT_EQ(names("acme.invoices.core").size(), 4U);
  EXPECT_THAT(
      names("acme.invoices.core.List"),
      ElementsAre("acme/invoices/core/List/List.js", "acme/invoices/core/List/component.json"));
  EXPECT_THAT(names("acme.invoices/auth.js"), ElementsAre("acme/invoices/auth.js"));
  EXPECT_THAT(names("acme.invoices.core.List/component.json"),
              ElementsAre("acme/invoices/core/List/component.json"));
  EXPECT_THAT(names("acme.invoices/../../../etc/passwd"), ElementsAre());
  EXPECT_EQ(downloadZip(*ground.registry, "acme.other", {true, {}}).error().code,
            base::Code::kNotFound);
  EXPECT_EQ(downloadZip(*ground.registry, "acme.invoices", {false, {}}).error().code,
            base::Code::kForbidden);
}

}  // namespace
}  // namespace patchbay::connectors
