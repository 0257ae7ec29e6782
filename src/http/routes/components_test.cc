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
    addComponentRoutes(router, {*ground.registry, acl});
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
  access::Acl acl{*ground.store};
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

TEST_F(ComponentRoutes, DownloadIsAZipForItsVendor) {
  const auto zip = call(Method::kGet, "/components/acme.invoices.core.Create", vendor);
  ASSERT_TRUE(zip) << zip.error().message;
  EXPECT_EQ(zip->contentType, "application/zip");
  EXPECT_TRUE(zip->body.starts_with("PK"));
  EXPECT_TRUE(call(Method::kGet, "/components/acme.invoices/auth.js", vendor));
  EXPECT_EQ(bodyOf(Method::kGet, "/components/acme.invoices", user), "FORBIDDEN");
  EXPECT_EQ(bodyOf(Method::kGet, "/components/acme.none", vendor), "NOT_FOUND");
}

}  // namespace
}  // namespace patchbay::http
