#include "connectors/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "connectors/listing.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::shared_ptr<Revision> made(const std::string& bundle, const std::string& version,
                               const std::vector<std::string>& types) {
  auto revision = std::make_shared<Revision>();
  revision->id = bundle + "/" + version;
  revision->bundle = bundle;
  revision->version = version;
  for (const std::string& type : types) {
    const bool isPrivate = type.ends_with("Helper");
    revision->components.push_back(describeComponent(
        json::object{{"name", type},
                     {"private", isPrivate},
                     {"inPorts", json::array{"in", json::object{{"name", "b"}}}}}));
  }
  return revision;
}

App app(const std::string& name, bool isPrivate = false) {
  return describeApp(json::object{{"name", name},
                                  {"label", "L"},
                                  {"category", "c"},
                                  {"icon", ""},
                                  {"description", ""},
                                  {"private", isPrivate}});
}

bool isPublic(const Component& component) {
  return !component.isPrivate;
}
bool any(const Component&) {
  return true;
}

TEST(Registry, AnswersForCurrentAndPinnedRevisions) {
  Registry registry;
  registry.add(made("a.x", "1.0.0", {"a.x.m.Old"}));
  registry.add(made("a.x", "2.0.0", {"a.x.m.New"}));
  registry.setCurrent("a.x/1.0.0");
  EXPECT_TRUE(registry.find("a.x.m.Old"));
  registry.setCurrent("a.x/2.0.0");
  EXPECT_FALSE(registry.find("a.x.m.Old"));
  EXPECT_TRUE(registry.find("a.x.m.New"));
  EXPECT_TRUE(registry.findIn("a.x/1.0.0", "a.x.m.Old"));
  EXPECT_FALSE(registry.findIn("a.x/9.0.0", "a.x.m.Old"));
  EXPECT_EQ(registry.current("a.x")->version, "2.0.0");
  registry.clearCurrent("a.x");
  EXPECT_FALSE(registry.find("a.x.m.New"));
  EXPECT_TRUE(registry.byId("a.x/2.0.0"));
  registry.drop("a.x/2.0.0");
  EXPECT_FALSE(registry.byId("a.x/2.0.0"));
}

TEST(Registry, AnAnswerStaysValidAfterTheRevisionIsGone) {
  Registry registry;
  registry.add(made("a.x", "1.0.0", {"a.x.m.C"}));
  registry.setCurrent("a.x/1.0.0");
  const Found found = registry.find("a.x.m.C");
  registry.drop("a.x/1.0.0");
  EXPECT_FALSE(registry.find("a.x.m.C"));
  EXPECT_EQ(found.component->name, "a.x.m.C");
}

TEST(Registry, TellsAboutChangesOfWhatIsCurrent) {
  Registry registry;
  std::vector<std::string> told;
  registry.onChange([&](const std::string& bundle) {
    told.push_back(bundle + (registry.current(bundle) ? "+" : "-"));
  });
  registry.add(made("a.x", "1.0.0", {}));
  registry.setCurrent("a.x/1.0.0");
  registry.setCurrent("a.x/nothing");
  registry.clearCurrent("a.x");
  registry.clearCurrent("a.x");
  registry.setCurrent("a.x/1.0.0");
  registry.drop("a.x/1.0.0");
  EXPECT_THAT(told, ElementsAre("a.x+", "a.x-", "a.x+", "a.x-"));
}

TEST(Registry, AccountsAskTheModuleThenTheService) {
  Registry registry;
  auto one = made("a.x", "1.0.0", {});
  one->auths = {{"a:x", "a/x", "apiKey", nullptr, ""}, {"a:x:m", "a/x/m", "pwd", nullptr, ""}};
  registry.add(one);
  registry.setCurrent(one->id);
  std::shared_ptr<const Revision> holder;
  EXPECT_EQ(registry.findAuth("a:x:m", holder)->type, "pwd");
  EXPECT_EQ(registry.findAuth("a:x:other", holder)->type, "apiKey");
  EXPECT_EQ(holder, one);
  EXPECT_EQ(registry.findAuth("a:y", holder), nullptr);
  EXPECT_EQ(registry.findAuth("nonsense", holder), nullptr);
}

TEST(Registry, TheNewestRevisionAnswersForSharedAuth) {
  Registry registry;
  for (const char* bundle : {"a.x.one", "a.x.two"}) {
    auto revision = made(bundle, "1.0.0", {});
    revision->auths = {{"a:x", "a/x", bundle, nullptr, ""}};
    registry.add(revision);
    registry.setCurrent(revision->id);
  }
  std::shared_ptr<const Revision> holder;
  EXPECT_EQ(registry.findAuth("a:x", holder)->type, "a.x.two");
  registry.setCurrent("a.x.one/1.0.0");
  EXPECT_EQ(registry.findAuth("a:x", holder)->type, "a.x.one");
}

class Listing : public testing::Test {
 protected:
  Listing() {
    auto service = made("a.x", "1.2.0", {"a.x.core.One", "a.x.core.Helper", "a.x.extra.Two"});
    service->apps = {app("a.x"), app("a.x.extra")};
    install(service);
    auto module = made("b.suite.mail", "3.0.0", {"b.suite.mail.Send"});
    module->apps = {app("b.suite.mail")};
    install(module);
    auto hidden = made("c.h", "1.0.0", {"c.h.core.H"});
    hidden->apps = {app("c.h", true)};
    install(hidden);
  }
  void install(const std::shared_ptr<Revision>& revision) {
    registry.add(revision);
    registry.setCurrent(revision->id);
  }
  Registry registry;
};

TEST_F(Listing, AppsAreKeyedByNameAndNeedAVisibleComponent) {
  EXPECT_EQ(
      json::write(listApps(registry, any).at("a.x")),
      R"({"name":"a.x","label":"L","category":"c","description":"","icon":"","version":"1.2.0"})");
  const json::object apps = listApps(registry, any);
  std::vector<std::string> names;
  for (const auto& member : apps) {
    names.emplace_back(member.key());
  }
  EXPECT_THAT(names, ElementsAre("a.x", "a.x.extra", "b.suite.mail"));
  EXPECT_TRUE(listApps(registry, [](const Component&) { return false; }).empty());
}

TEST_F(Listing, ComponentsMatchOnDotBoundaries) {
  EXPECT_EQ(json::write(listTypes(registry, "a.x", isPublic)),
            R"(["a.x.core.One","a.x.extra.Two"])");
  EXPECT_EQ(json::write(listTypes(registry, "a.x.co", any)), "[]");
  EXPECT_EQ(json::write(listTypes(registry, "b.suite", any)), R"(["b.suite.mail.Send"])");
  EXPECT_EQ(listTypes(registry, "", any).size(), 5U);
}

TEST_F(Listing, ManifestsHavePortsAsObjects) {
  const json::array manifests = listManifests(registry, "a.x.core.One", any);
  ASSERT_EQ(manifests.size(), 1U);
  EXPECT_THAT(json::write(manifests[0]), HasSubstr(R"("inPorts":[{"name":"in"},{"name":"b"}])"));
  EXPECT_THAT(json::write(manifests[0]), HasSubstr(R"("label":"One","version":"1.0.0")"));
}

TEST_F(Listing, BundlesHaveARowPerServiceAndModule) {
  EXPECT_EQ(
      json::write(listBundles(registry)),
      R"([{"name":"a.x","bundleId":"a.x","version":"1.2.0"},{"name":"a.x.core","bundleId":"a.x.core","version":"1.2.0"},)"
      R"({"name":"a.x.extra","bundleId":"a.x.extra","version":"1.2.0"},{"name":"b.suite","bundleId":"b.suite","version":"3.0.0"},)"
      R"({"name":"b.suite.mail","bundleId":"b.suite.mail","version":"3.0.0"},{"name":"c.h","bundleId":"c.h","version":"1.0.0"},)"
      R"({"name":"c.h.core","bundleId":"c.h.core","version":"1.0.0"}])");
}

}  // namespace
}  // namespace patchbay::connectors
