#include "http/routes/components.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/testing_ground.h"

namespace patchbay::http {
namespace {

using testing::HasSubstr;

class ComponentRoutes : public testing::Test {
 protected:
  ComponentRoutes() {
    EXPECT_TRUE(acl.load());
    EXPECT_TRUE(configuration.load());
    addComponentRoutes(router, {*ground.registry, *ground.bundles, *ground.publisher, maker, acl,
                                configuration, ground.random});
    connectors::Contents files =
        connectors::serviceBundle("invoices", "1.2.0", {"Create", "Hidden"});
    files["acme/invoices/core/Hidden/component.json"] =
        R"({"name":"acme.invoices.core.Hidden","private":true})";
    ground.publish(files);
  }

  base::Result<Response> call(Method method, const std::string& path,
                              std::optional<access::Caller> caller = {},
                              std::vector<std::pair<std::string, std::string>> query = {},
                              std::string body = {}) {
    Router::Match match = router.match(method, path);
    if (match.route == nullptr) {
      return base::fail(base::Code::kNotFound, "no route");
    }
    Request request;
    request.method = method;
    request.path = path;
    request.params = match.params;
    request.caller = std::move(caller);
    request.query = std::move(query);
    request.body = std::move(body);
    return match.route->handler(request);
  }
  std::string bodyOf(Method method, const std::string& path,
                     std::optional<access::Caller> caller = {},
                     std::vector<std::pair<std::string, std::string>> query = {}) {
    auto response = call(method, path, std::move(caller), std::move(query));
    return response ? response->body : std::string(base::codeText(response.error().code));
  }

  const access::Caller admin{"me", "", "", {"user", "admin"}, {}};
  const access::Caller vendor{"v", "", "", {"user"}, {"acme"}};
  const access::Caller user{"u", "", "", {"user"}, {}};
  connectors::Ground ground;
  connectors::RevisionMaker maker{ground.packages, ground.inspector, ground.bundles->folder()};
  access::Acl acl{*ground.store};
  access::SystemConfiguration configuration{*ground.store};
  Router router;
};

TEST_F(ComponentRoutes, AppsAreOpenToEverybody) {
  EXPECT_EQ(
      bodyOf(Method::kGet, "/apps"),
      R"({"acme.invoices":{"name":"acme.invoices","label":"invoices","category":"applications",)"
      R"("description":"About invoices","icon":"data:,","version":"1.2.0"}})");
}

TEST_F(ComponentRoutes, ListsLeaveOutWhatTheCallerMayNotSee) {
  EXPECT_EQ(bodyOf(Method::kGet, "/components"), R"(["acme.invoices.core.Create"])");
  const auto replaced = acl.replace(access::AclType::kComponents, boost::json::array());
  ASSERT_TRUE(replaced);
  EXPECT_EQ(bodyOf(Method::kGet, "/components", user), "[]");
  EXPECT_EQ(bodyOf(Method::kGet, "/apps", user), "{}");
  EXPECT_EQ(bodyOf(Method::kGet, "/apps/components", user, {{"app", "acme.invoices"}}), "[]");
}

TEST_F(ComponentRoutes, ManifestsComeOnRequest) {
  EXPECT_THAT(
      bodyOf(Method::kGet, "/components", user, {{"manifest", "yes"}, {"selector", "acme"}}),
      HasSubstr(R"("inPorts":[{"name":"in"}])"));
  EXPECT_EQ(bodyOf(Method::kGet, "/apps/components", user, {{"app", "acme.none"}}), "[]");
  EXPECT_EQ(bodyOf(Method::kGet, "/apps/components", user), "INVALID");
}

TEST_F(ComponentRoutes, BundlesNameServiceAndModule) {
  EXPECT_EQ(bodyOf(Method::kGet, "/bundles", user),
            R"([{"name":"acme.invoices","bundleId":"acme.invoices","version":"1.2.0"},)"
            R"({"name":"acme.invoices.core","bundleId":"acme.invoices.core","version":"1.2.0"}])");
}

TEST_F(ComponentRoutes, PublishingAnswersATicket) {
  const std::string zip =
      *connectors::writeZip(connectors::serviceBundle("more", "1.0.0", {"One"}));
  const auto begun = call(Method::kPost, "/components", vendor, {{"replaceAll", "false"}}, zip);
  ASSERT_TRUE(begun) << begun.error().message;
  const auto ticket = json::getString(json::parseOwn(begun->body).as_object(), "ticket");
  std::string answer;
  while (answer.find("finished") == std::string::npos) {
    answer = bodyOf(Method::kGet, "/components/uploader/" + ticket, vendor);
    ASSERT_NE(answer, "NOT_FOUND");
    std::this_thread::yield();
  }
  EXPECT_TRUE(ground.registry->current("acme.more"));
  EXPECT_EQ(call(Method::kPost, "/components", user, {}, zip).error().code, base::Code::kForbidden);
  EXPECT_EQ(call(Method::kPost, "/components", admin, {}, "hello").error().code,
            base::Code::kBundleRefused);
}

TEST_F(ComponentRoutes, TheArchiveLimitIsASetting) {
  ASSERT_TRUE(configuration.put("LIMIT_CC_ARCHIVE_MAX_BYTES", 100));
  const std::string zip =
      *connectors::writeZip(connectors::serviceBundle("more", "1.0.0", {"One"}));
  EXPECT_EQ(call(Method::kPost, "/components", admin, {}, zip).error().code, base::Code::kTooLarge);
}

TEST_F(ComponentRoutes, DownloadIsAZipForItsVendor) {
  const auto zip = call(Method::kGet, "/components/acme.invoices.core.Create", vendor);
  ASSERT_TRUE(zip) << zip.error().message;
  EXPECT_EQ(zip->contentType, "application/zip");
  EXPECT_TRUE(zip->body.starts_with("PK"));
  EXPECT_TRUE(call(Method::kGet, "/components/acme.invoices/auth.js", vendor));
  EXPECT_EQ(bodyOf(Method::kGet, "/components/acme.invoices", user), "FORBIDDEN");
  EXPECT_EQ(bodyOf(Method::kGet, "/components/acme.none", vendor), "NOT_FOUND");
}

TEST_F(ComponentRoutes, RemovingAnswersAnEmptyObject) {
  EXPECT_EQ(bodyOf(Method::kDelete, "/components/acme.invoices", user), "FORBIDDEN");
  EXPECT_EQ(bodyOf(Method::kDelete, "/components/acme.invoices.core.Create", vendor), "{}");
  EXPECT_EQ(bodyOf(Method::kDelete, "/components/acme.invoices.core.Create", vendor), "NOT_FOUND");
  EXPECT_EQ(bodyOf(Method::kDelete, "/components/acme.invoices", admin), "{}");
  EXPECT_TRUE(ground.registry->allCurrent().empty());
}

}  // namespace
}  // namespace patchbay::http
