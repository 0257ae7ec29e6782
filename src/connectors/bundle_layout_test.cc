#include "connectors/bundle_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

using Contents = std::map<std::string, std::string>;

const std::string kService =
    R"({"name":"acme.invoices","label":"Invoices","category":"applications","icon":"","description":""})";
const std::string kBundle = R"({"name":"acme.invoices","version":"1.0.0"})";
const std::string kComponent = R"({"name":"acme.invoices.core.Create"})";

base::Result<Layout> lay(const Contents& contents) {
  std::vector<std::string> names;
  for (const auto& [name, text] : contents) {
    names.push_back(name);
  }
  return layOut(
      names, [&](const std::string& name) { return base::Result<std::string>(contents.at(name)); });
}

std::string refusalOf(const Contents& contents) {
  const auto layout = lay(contents);
  return layout ? "accepted" : layout.error().message;
}

TEST(Layout, AnArchiveFromTheVendorDownStaysAsItIs) {
  const auto layout = lay({{"acme/invoices/service.json", kService},
                           {"acme/invoices/bundle.json", kBundle},
                           {"acme/invoices/core/Create/component.json", kComponent},
                           {"acme/invoices/core/Create/Create.js", ""}});
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->files.at("acme/invoices/core/Create/Create.js"),
            "acme/invoices/core/Create/Create.js");
  EXPECT_THAT(layout->bundles, ElementsAre(Key("acme/invoices")));
  EXPECT_THAT(layout->services, ElementsAre("acme/invoices"));
  EXPECT_THAT(layout->vendors, ElementsAre("acme"));
  EXPECT_THAT(layout->warnings, ElementsAre());
}

TEST(Layout, APlainFolderGetsThePrefixItsManifestsSay) {
  for (const std::string prefix : {"", "invoices/", "my-checkout/", "deep/er/acme/invoices/"}) {
    const auto layout = lay({{prefix + "service.json", kService},
                             {prefix + "core/Create/component.json", kComponent},
                             {prefix + "core/Create/Create.js", ""},
                             {"__MACOSX/._x", ""},
                             {prefix + ".DS_Store", ""}});
    ASSERT_TRUE(layout) << prefix << layout.error().message;
    EXPECT_THAT(layout->files, ElementsAre(Key("acme/invoices/core/Create/Create.js"),
                                           Key("acme/invoices/core/Create/component.json"),
                                           Key("acme/invoices/service.json")))
        << prefix;
  }
}

TEST(Layout, ASingleComponentIsPlacedByItsName) {
  for (const std::string prefix : {"Create/", "", "core/Create/", "x/y/Create/"}) {
    const auto layout = lay({{prefix + "component.json", kComponent}, {prefix + "Create.js", ""}});
    ASSERT_TRUE(layout) << prefix << layout.error().message;
    EXPECT_TRUE(layout->files.contains("acme/invoices/core/Create/Create.js")) << prefix;
  }
}

TEST(Layout, AComponentNamedUnlikeItsFolderKeepsItsFolder) {
  const auto inPlace = lay({{"acme/invoices/core/create/component.json", kComponent},
                            {"acme/invoices/core/create/create.js", ""}});
  ASSERT_TRUE(inPlace);
  EXPECT_TRUE(inPlace->files.contains("acme/invoices/core/create/create.js"));
  EXPECT_THAT(inPlace->warnings,
              ElementsAre(HasSubstr("differs from its folder; the name counts")));
  const auto alone = lay({{"create/component.json", kComponent}, {"create/create.js", ""}});
  ASSERT_TRUE(alone);
  EXPECT_TRUE(alone->files.contains("acme/invoices/core/create/create.js"));
}

TEST(Layout, WhatLiesOutsideIsLeftOutWithAWarning) {
  const auto layout = lay({{"repo/README.md", ""},
                           {"repo/src/acme/invoices/service.json", kService},
                           {"repo/src/acme/invoices/auth.js", ""}});
  ASSERT_TRUE(layout);
  EXPECT_THAT(layout->files,
              ElementsAre(Key("acme/invoices/auth.js"), Key("acme/invoices/service.json")));
  EXPECT_THAT(layout->warnings, ElementsAre(HasSubstr("repo/README.md lies outside")));
}

TEST(Layout, FilesWithoutAnyManifestMayStandInPlace) {
  const auto layout = lay({{"acme/invoices/auth.js", ""}});
  ASSERT_TRUE(layout);
  EXPECT_THAT(layout->services, ElementsAre("acme/invoices"));
  EXPECT_THAT(refusalOf({{"index.js", ""}}),
              HasSubstr("nothing in it lies below <vendor>/<service>/"));
  EXPECT_THAT(refusalOf({{"a-b/c/d.js", ""}}), HasSubstr("no manifest says where it belongs"));
}

TEST(Layout, AManifestOfAnotherServiceIsRefused) {
  EXPECT_THAT(
      refusalOf(
          {{"acme/invoices/service.json", kService},
           {"acme/invoices/core/Send/component.json", R"({"name":"google.gmail.core.Send"})"}}),
      HasSubstr(
          "says its name is \"google.gmail.core.Send\", but it lies in acme/invoices/core/Send"));
}

TEST(Layout, BundlesDoNotNest) {
  EXPECT_THAT(refusalOf({{"acme/invoices/bundle.json", kBundle},
                         {"acme/invoices/core/bundle.json",
                          R"({"name":"acme.invoices.core","version":"1.0.0"})"}}),
              HasSubstr("bundle acme.invoices.core lies inside bundle acme.invoices"));
}

TEST(Layout, FaultsOfManifestsComeAsClientsReadThem) {
  const auto layout = lay({{"acme/invoices/service.json", R"({"name":"acme.invoices"})"}});
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().message, "Invalid schema for acme/invoices/service.json");
  ASSERT_EQ(layout.error().data.as_array().size(), 4U);
  EXPECT_EQ(layout.error().data.as_array()[0].as_object().at("message"),
            "should have required property 'label'");
  EXPECT_EQ(refusalOf({{"acme/invoices/service.json", kService},
                       {"acme/invoices/core/A/component.json", "{"},
                       {"acme/invoices/core/B/component.json", "["}}),
            "Invalid schema for acme/invoices/core/A/component.json and 1 more");
}

TEST(Layout, ManifestsOfPackagesAndExamplesAreNotRead) {
  const auto layout = lay({{"acme/invoices/service.json", kService},
                           {"acme/invoices/node_modules/x/component.json", "{"},
                           {"acme/invoices/core/Create/examples/component.json", "{"}});
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_THAT(layout->warnings,
              ElementsAre(HasSubstr("lies where no such manifest is looked for")));
}

}  // namespace
}  // namespace patchbay::connectors
