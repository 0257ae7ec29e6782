#include "connectors/package_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::connectors {
namespace {

using testing::HasSubstr;

base::Result<PackagePlan> plan(const std::string& dependencies) {
  return planPackage("acme/x",
                     R"({"name":"whatever","scripts":{"postinstall":"rm -rf /"},"dependencies":)" +
                         dependencies + "}",
                     std::nullopt);
}

TEST(PackagePlan, TakesNothingButTheDependencies) {
  const auto made = plan(
      R"({"moment":"2.29.4","@scope/a.b":"^1.0.0 || >=2 <3","tagged":"latest","alias":"npm:lodash@^4.0.0"})");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(
      made->document,
      R"({"name":"connector","version":"1.0.0","private":true,"dependencies":{"moment":"2.29.4","@scope/a.b":"^1.0.0 || >=2 <3","tagged":"latest","alias":"npm:lodash@^4.0.0"}})");
}

TEST(PackagePlan, NothingToInstallNeedsNoNpm) {
  EXPECT_EQ(plan("{}")->document, "");
  EXPECT_EQ(planPackage("acme/x", "{}", std::nullopt)->document, "");
  EXPECT_EQ(planPackage("acme/x", R"({"devDependencies":{"mocha":"*"}})", std::nullopt)->document,
            "");
}

TEST(PackagePlan, TheServersOwnLibraryIsNotFetched) {
  const auto made = plan(R"({"appmixer-lib":"https://example.org/appmixer-lib.git#master"})");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->document, "");
  EXPECT_THAT(made->warnings, testing::ElementsAre(HasSubstr("appmixer-lib is the server's own")));
}

TEST(PackagePlan, RefusesWhatReachesPastTheRegistry) {
  for (const char* spec :
       {"file:../secrets", "link:../x", "workspace:*", "../x", "./x/y", "/etc", "~/x", "npm:../x@1", "npm:a@file:x"}) {
    const auto made = plan(json::write(json::object{{"lib", spec}}));
    ASSERT_FALSE(made) << spec;
    EXPECT_THAT(made.error().message,
                HasSubstr("The dependencies of acme/x were refused: lib is asked for as"));
    EXPECT_THAT(made.error().message, HasSubstr("node_modules"));
  }
}

TEST(PackagePlan, LeavesOutWhatLiesElsewhereAndSaysSo) {
  for (const char* spec : {"git+ssh://git@example.org/a.git", "git://example.org/a.git", "github:owner/repo", "owner/repo", "owner/repo#main",
                           "https://example.org/a.tgz", "https://example.org/lib.git#master"}) {
    const auto made = plan(json::write(json::object{{"lib", spec}, {"moment", "^2.0.0"}}));
    ASSERT_TRUE(made) << spec;
    EXPECT_THAT(made->document, HasSubstr("moment")) << spec;
    EXPECT_THAT(made->document, testing::Not(HasSubstr("lib"))) << spec;
    EXPECT_THAT(made->warnings, testing::ElementsAre(HasSubstr("acme/x: lib is asked for as"))) << spec;
  }
}

TEST(PackagePlan, RefusesOddNamesAndShapes) {
  for (const char* dependencies : {R"({"../x":"1.0.0"})", R"({"":"1.0.0"})", R"({"@a":"1"})",
                                   R"({"a b":"1"})", R"({"-g":1})", "[]"}) {
    EXPECT_FALSE(plan(dependencies)) << dependencies;
  }
  EXPECT_FALSE(planPackage("acme/x", "{", std::nullopt));
}

TEST(PackagePlan, ALockKeepsHashesAndLosesAddresses) {
  const std::string lock = R"({"lockfileVersion":3,"packages":{"":{"name":"x"},
    "node_modules/moment":{"version":"2.29.4","resolved":"https://elsewhere.example/moment.tgz","integrity":"sha512-abc"},
    "node_modules/mocha":{"version":"1.0.0","integrity":"sha512-def","dev":true}}})";
  const auto made = planPackage("acme/x", R"({"dependencies":{"moment":"2.29.4"}})", lock);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->lock);
  EXPECT_THAT(*made->lock, HasSubstr("sha512-abc"));
  EXPECT_THAT(*made->lock,
              testing::Not(testing::AnyOf(HasSubstr("elsewhere"), HasSubstr("mocha"))));
}

TEST(PackagePlan, ALockWithForeignPackagesIsNotUsed) {
  for (const char* row : {R"({"version":"1.0.0","resolved":"git+ssh://x"})",
                          R"({"link":true,"resolved":"../x","integrity":"sha512-a"})"}) {
    const auto made = planPackage(
        "acme/x", R"({"dependencies":{"a":"1.0.0"}})",
        R"({"lockfileVersion":3,"packages":{"node_modules/a":)" + std::string(row) + "}}");
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->lock);
    EXPECT_THAT(made->warnings,
                testing::ElementsAre(
                    HasSubstr("package-lock.json holds a package that is not from a registry")));
  }
}

TEST(PackagePlan, IsCutToOnePackageOrWithoutSome) {
  const auto whole = planPackage(
      "acme/x",
      R"({"dependencies":{"a":"1","b":"2"},"optionalDependencies":{"c":"3"},"peerDependencies":{"b":"2","d":"4"}})",
      R"({"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0","integrity":"sha512-a"}}})");
  ASSERT_TRUE(whole);
  EXPECT_THAT(requiredPackages(*whole), testing::ElementsAre("a", "b", "d"));
  const PackagePlan one = planOnly(*whole, "b");
  EXPECT_EQ(
      one.document,
      R"({"name":"connector","version":"1.0.0","private":true,"dependencies":{"b":"2"},"peerDependencies":{"b":"2"}})");
  EXPECT_FALSE(one.lock);
  EXPECT_EQ(
      planWithout(*whole, {"b", "d"}).document,
      R"({"name":"connector","version":"1.0.0","private":true,"dependencies":{"a":"1"},"optionalDependencies":{"c":"3"}})");
}

}  // namespace
}  // namespace patchbay::connectors
