#include "http/routes/backoffice.h"

#include <gtest/gtest.h>

#include <fstream>

#include "http/testing_routes.h"

namespace patchbay::http {
namespace {

class BackofficeTest : public testing::Test {
 protected:
  BackofficeTest() {
    std::filesystem::create_directories(folder_ / "assets");
    write("index.html", "<meta content=\"__STYLE_NONCE__\">");
    write("assets/page-1.js", "let page;");
    write("assets/page-1.js.gz", "packed");
    write("../secret.txt", "secret");
    addBackofficeRoutes(router_, folder_, random_);
  }
  ~BackofficeTest() override { std::filesystem::remove_all(folder_.parent_path()); }

  void write(const std::string& name, const std::string& content) { std::ofstream(folder_ / name) << content; }

  Response get(const std::string& target, const std::string& encoding = "") {
    return askRoute(router_, Method::kGet, target, "", [&](const Route&, Request& request) {
      request.headers["accept-encoding"] = encoding;
      return base::Status();
    });
  }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) {
        return value;
      }
    }
    return "";
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("backoffice-" + std::to_string(::getpid())) / "page";
  base::SystemRandom random_;
  Router router_;
};

TEST_F(BackofficeTest, EveryAddressThatIsNoFileIsThePage) {
  for (const char* address : {"/backoffice", "/backoffice/", "/backoffice/connectors/acme.mail", "/backoffice/index.html"}) {
    const Response page = get(address);
    EXPECT_EQ(page.status, 200) << address;
    EXPECT_EQ(page.contentType, "text/html; charset=utf-8") << address;
    EXPECT_EQ(header(page, "Cache-Control"), "no-store") << address;
  }
}

TEST_F(BackofficeTest, ThePageAndItsPolicyCarryOneNonceThatIsNewEachTime) {
  const Response first = get("/backoffice/");
  const Response second = get("/backoffice/");
  EXPECT_NE(first.body, second.body);
  const std::string nonce = first.body.substr(first.body.find('"') + 1, 32);
  EXPECT_NE(header(first, "Content-Security-Policy").find("'nonce-" + nonce + "'"), std::string::npos);
}

TEST_F(BackofficeTest, AFileIsKeptForEverAndPackedForWhoTakesIt) {
  const Response plain = get("/backoffice/assets/page-1.js");
  EXPECT_EQ(plain.body, "let page;");
  EXPECT_EQ(plain.contentType, "text/javascript; charset=utf-8");
  EXPECT_NE(header(plain, "Cache-Control").find("immutable"), std::string::npos);
  const Response packed = get("/backoffice/assets/page-1.js", "br, gzip");
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
}

TEST_F(BackofficeTest, AnAssetOfAnotherBuildAndWhatLiesOutsideAreNotThere) {
  EXPECT_EQ(get("/backoffice/assets/page-0.js").status, 404);
  EXPECT_EQ(get("/backoffice/%2e%2e/secret.txt").body.find("secret"), std::string::npos);
  EXPECT_EQ(get("/backoffice/..%2fsecret.txt").body.find("secret"), std::string::npos);
}

TEST_F(BackofficeTest, WithoutABuildItSaysSo) {
  Router bare;
  addBackofficeRoutes(bare, folder_ / "nothing", random_);
  EXPECT_EQ(askRoute(bare, Method::kGet, "/backoffice/", "", [](const Route&, Request&) { return base::Status(); }).status, 404);
}

}  // namespace
}  // namespace patchbay::http
