#include "connectors/catalogue_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "connectors/bundle_reader.h"
#include "connectors/catalogue.h"
#include "connectors/testing_folder.h"

namespace patchbay::connectors {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace fs = std::filesystem;

class CatalogueBuilder : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) const {
    fs::create_directories((tree() / path).parent_path());
    ASSERT_TRUE(writeFile(tree() / path, text));
  }

  void app(const std::string& path, const std::string& name) const {
    put(path, json::write(json::object{{"name", name},
                                       {"label", "L " + name},
                                       {"category", "applications"},
                                       {"description", "D"},
                                       {"icon", "data:image/png;base64,AA=="}}));
  }

  void bundle(const std::string& folder, const std::string& name, const std::string& version,
              bool told = true) const {
    json::object changelog;
    if (told) {
      changelog[version] = json::array{"News"};
    }
    put(folder + "/bundle.json", json::write(json::object{{"name", name},
                                                          {"version", version},
                                                          {"engine", ">=6.0.0"},
                                                          {"changelog", changelog}}));
  }

  void component(const std::string& folder, const std::string& name, bool isAction,
                 bool isPrivate = false) const {
    json::object manifest{{"name", name}, {"label", "C"}, {"description", "D"}};
    if (isAction) {
      manifest["inPorts"] = json::array{"in"};
    }
    if (isPrivate) {
      manifest["private"] = true;
    }
    put(folder + "/component.json", json::write(manifest));
    put(folder + "/" + fs::path(folder).filename().string() + ".js", "module.exports = {};");
  }

  void service(const std::string& version) const {
    bundle("src/acme/mail", "acme.mail", version);
    app("src/acme/mail/service.json", "acme.mail");
    component("src/acme/mail/core/Send", "acme.mail.core.Send", true);
    component("src/acme/mail/core/New", "acme.mail.core.New", false, true);
  }

  base::Result<CatalogueReport> build(const std::string& out = "out", bool strict = false) const {
    return buildCatalogue({tree(), folder_.path() / out, base::Time{}, strict});
  }

  std::vector<std::string> entriesOf(const Offer& offer) const {
    std::vector<std::string> names;
    const auto bytes = readOffer(offer);
    const auto reader = BundleReader::open(*bytes, ZipLimits::upload());
    for (const auto& entry : reader->entries()) {
      names.push_back(entry.name);
    }
    return names;
  }

  fs::path tree() const { return folder_.path() / "tree"; }
  fs::path out(const std::string& name = "out") const { return folder_.path() / name; }

  TestFolder folder_;
};

TEST_F(CatalogueBuilder, PacksAServiceWithItsRow) {
  service("1.2.0");
  put("src/acme/mail/node_modules/x/index.js", "x");
  put("src/acme/mail/package-lock.json", "{}");
  put("src/acme/mail/artifacts/openapi.json", "{}");
  put("src/acme/mail/test-flow-one.json", "{}");
  put("src/acme/mail/.npmrc", "//registry/:_authToken=secret");
  put("src/acme/mail/.gitignore", "x");
  put("src/acme/mail/test/page.html", "kept");
  const auto report = build();
  ASSERT_TRUE(report);
  EXPECT_THAT(report->leftOut, IsEmpty());
  EXPECT_THAT(report->warnings, IsEmpty());
  const auto catalogue = readCatalogue(out());
  ASSERT_TRUE(catalogue);
  ASSERT_THAT(catalogue->offers, SizeIs(1));
  const Offer& offer = catalogue->offers.front();
  EXPECT_EQ(offer.name + offer.version + offer.label, "acme.mail1.2.0L acme.mail");
  EXPECT_EQ(offer.icon, "data:image/png;base64,AA==");
  EXPECT_EQ(
      json::write(offer.components),
      R"([{"name":"acme.mail.core.New","label":"C","description":"D","kind":"trigger","private":true},)"
      R"({"name":"acme.mail.core.Send","label":"C","description":"D","kind":"action"}])");
  EXPECT_THAT(entriesOf(offer),
              ElementsAre("acme/mail/bundle.json", "acme/mail/core/New/New.js",
                          "acme/mail/core/New/component.json", "acme/mail/core/Send/Send.js",
                          "acme/mail/core/Send/component.json", "acme/mail/service.json",
                          "acme/mail/test/page.html"));
}

TEST_F(CatalogueBuilder, AModuleBringsItsServiceAlongAndNoOtherModule) {
  app("acme/suite/service.json", "acme.suite");
  put("acme/suite/shared/call.js", "x");
  for (const char* name : {"docs", "sheets"}) {
    const std::string folder = std::string("acme/suite/") + name;
    const std::string dotted = std::string("acme.suite.") + name;
    bundle(folder, dotted, "1.0.0");
    app(folder + "/module.json", dotted);
    component(folder + "/Get", dotted + ".Get", true);
  }
  ASSERT_TRUE(build());
  const auto catalogue = readCatalogue(out());
  ASSERT_THAT(catalogue->offers, SizeIs(2));
  EXPECT_EQ(catalogue->offers[0].label, "L acme.suite.docs");
  EXPECT_THAT(entriesOf(catalogue->offers[0]),
              ElementsAre("acme/suite/docs/Get/Get.js", "acme/suite/docs/Get/component.json",
                          "acme/suite/docs/bundle.json", "acme/suite/docs/module.json",
                          "acme/suite/service.json", "acme/suite/shared/call.js"));
}

TEST_F(CatalogueBuilder, TheSameTreeGivesTheSameBytes) {
  service("1.2.0");
  ASSERT_TRUE(build("one"));
  ASSERT_TRUE(build("two"));
  for (const char* file : {"index.json", "acme.mail-1.2.0.zip"}) {
    EXPECT_EQ(*readFile(out("one") / file, 1 << 20), *readFile(out("two") / file, 1 << 20));
  }
}

TEST_F(CatalogueBuilder, AFolderGrowsOverReleases) {
  service("1.2.0");
  ASSERT_TRUE(build());
  service("1.10.0");
  const auto report = build();
  ASSERT_TRUE(report);
  EXPECT_THAT(report->packed, SizeIs(1));
  const auto catalogue = readCatalogue(out());
  ASSERT_THAT(catalogue->offers, SizeIs(2));
  EXPECT_EQ(catalogue->offers[0].version, "1.10.0");
  EXPECT_TRUE(readOffer(catalogue->offers[1]));
}

TEST_F(CatalogueBuilder, AVersionThatStandsThereStaysAndAChangeIsTold) {
  service("1.2.0");
  ASSERT_TRUE(build());
  const auto before = readCatalogue(out());
  put("src/acme/mail/more.js", "more");
  const auto report = build();
  ASSERT_TRUE(report);
  EXPECT_THAT(report->packed, IsEmpty());
  EXPECT_THAT(report->kept, SizeIs(1));
  ASSERT_THAT(report->warnings, SizeIs(1));
  EXPECT_THAT(report->warnings[0].message, HasSubstr("raise the version"));
  EXPECT_EQ(readCatalogue(out())->offers[0].sha256, before->offers[0].sha256);
}

TEST_F(CatalogueBuilder, ABrokenBundleIsLeftOutAndTheOthersGoOn) {
  service("1.0.0");
  put("src/acme/bad/bundle.json", "{ not JSON");
  bundle("src/acme/odd", "acme.odd", "soon");
  bundle("src/acme/deep", "acme.deep", "1.0.0");
  component("src/acme/deep/Get", "acme.deep.Get", true);
  const auto report = build();
  ASSERT_TRUE(report);
  EXPECT_THAT(report->packed, SizeIs(1));
  ASSERT_THAT(report->leftOut, SizeIs(3));
  EXPECT_EQ(report->leftOut[0].file, tree() / "src/acme/bad/bundle.json");
  EXPECT_THAT(report->leftOut[1].message, HasSubstr("No server would find its components"));
  EXPECT_THAT(report->leftOut[2].message, HasSubstr(".version should be a version"));
}

TEST_F(CatalogueBuilder, WhatUsersWouldNotLikeIsAWarningAndWithStrictARefusal) {
  bundle("elsewhere", "acme.mail", "1.0.0", false);
  app("elsewhere/service.json", "acme.mail");
  component("elsewhere/core/Send", "acme.mail.core.Send", true);
  put("elsewhere/package.json", R"({"dependencies":{"a":"^1.0.0","b":"1.0.0"}})");
  const auto report = build();
  ASSERT_TRUE(report);
  std::vector<std::string> told;
  for (const AuthorWarning& warning : report->warnings) {
    told.push_back(warning.message);
  }
  EXPECT_THAT(told, ElementsAre("the name is acme.mail, but the folder is another",
                                "the changelog does not tell of 1.0.0",
                                "has no exact version of a: installs may differ"));
  EXPECT_THAT(report->packed, SizeIs(1));
  const auto strict = build("strict", true);
  ASSERT_TRUE(strict);
  EXPECT_THAT(strict->packed, IsEmpty());
  EXPECT_THAT(strict->leftOut, SizeIs(1));
}

TEST_F(CatalogueBuilder, LinksDoNotLeadOut) {
  service("1.0.0");
  ASSERT_TRUE(writeFile(folder_.path() / "secret", "secret"));
  fs::create_symlink(folder_.path() / "secret", tree() / "src/acme/mail/link.js");
  fs::create_directory_symlink(folder_.path(), tree() / "src/acme/mail/folder");
  ASSERT_TRUE(build());
  EXPECT_THAT(entriesOf(readCatalogue(out())->offers[0]),
              testing::Not(Contains(HasSubstr("link"))));
}

TEST_F(CatalogueBuilder, SaysWhatItCannotReadAndLeavesTheIndex) {
  EXPECT_EQ(build().error().code, base::Code::kNotFound);
  fs::create_directories(tree());
  EXPECT_THAT(build().error().message, HasSubstr("holds no bundle.json"));
  service("1.0.0");
  fs::create_directories(out());
  ASSERT_TRUE(writeFile(out() / "index.json", "broken"));
  EXPECT_FALSE(build());
  EXPECT_EQ(*readFile(out() / "index.json", 100), "broken");
}

}  // namespace
}  // namespace patchbay::connectors
