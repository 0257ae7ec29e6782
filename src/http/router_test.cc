#include <gtest/gtest.h>

#include "http/route.h"
#include "http/target.h"

namespace patchbay::http {
namespace {

void add(Router& router, Method method, std::string pattern) {
  router.add(method, std::move(pattern), {}, "",
             [](Request&) -> base::Result<Response> { return jsonText("{}"); });
}

std::string matched(const Router& router, Method method, std::string_view path) {
  const auto match = router.match(method, path);
  if (match.route == nullptr) {
    return match.pathKnown ? "405 " + match.allow : "404";
  }
  std::string text = match.route->pattern;
  for (const auto& [name, value] : match.params) {
    text += " " + name + "=" + value;
  }
  return text;
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    add(router_, Method::kGet, "/");
    add(router_, Method::kGet, "/flows/:id");
    add(router_, Method::kPut, "/flows/:flowId");
    add(router_, Method::kGet, "/flows/count");
    add(router_, Method::kPost, "/flows/:flowId/components/:componentId");
    add(router_, Method::kGet, "/components/uploader/:ticket");
    add(router_, Method::kGet, "/components/:selector");
    add(router_, Method::kGet, "/components/:selector/*file");
    add(router_, Method::kGet, "/auth/ticket/x");
    add(router_, Method::kGet, "/auth/:service/callback");
  }
  Router router_;
};

TEST_F(RouterTest, LiteralsWinOverParameters) {
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/count"), "/flows/count");
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/counts"), "/flows/:id id=counts");
  EXPECT_EQ(matched(router_, Method::kGet, "/components/uploader/7"), "/components/uploader/:ticket ticket=7");
  EXPECT_EQ(matched(router_, Method::kGet, "/auth/ticket/callback"), "/auth/:service/callback service=ticket");
}

TEST_F(RouterTest, NamesOfParametersBelongToTheRoute) {
  EXPECT_EQ(matched(router_, Method::kPut, "/flows/7"), "/flows/:flowId flowId=7");
  EXPECT_EQ(matched(router_, Method::kPut, "/flows/count"), "/flows/:flowId flowId=count");
}

TEST_F(RouterTest, SegmentsAreSplitBeforeTheyAreDecodedOnce) {
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/a%2Fb"), "/flows/:id id=a/b");
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/appmixer%3Agoogle"), "/flows/:id id=appmixer:google");
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/a%2541"), "/flows/:id id=a%41");
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/a%00b"), "404");
  EXPECT_EQ(matched(router_, Method::kGet, "/flows/a%4"), "404");
}

TEST_F(RouterTest, DoubledAndTrailingSlashesDoNotMatter) {
  EXPECT_EQ(matched(router_, Method::kGet, "//flows///count/"), "/flows/count");
  EXPECT_EQ(matched(router_, Method::kGet, ""), "/");
}

TEST_F(RouterTest, RestTakesAllThatIsLeft) {
  EXPECT_EQ(matched(router_, Method::kGet, "/components/a.b.c/lib/x%20y.js"),
            "/components/:selector/*file file=lib/x y.js selector=a.b.c");
  EXPECT_EQ(matched(router_, Method::kGet, "/components/a.b.c"), "/components/:selector selector=a.b.c");
}

TEST_F(RouterTest, AnotherMethodOfAKnownPathIsTold) {
  EXPECT_EQ(matched(router_, Method::kDelete, "/flows/7"), "405 GET, PUT");
  EXPECT_EQ(matched(router_, Method::kDelete, "/nothing"), "404");
}

TEST_F(RouterTest, TheSameRouteTwiceIsABug) {
  EXPECT_THROW(add(router_, Method::kGet, "/flows/:other"), std::logic_error);
  EXPECT_THROW(router_.add(Route{}), std::logic_error);
}

TEST(Target, QueriesAreFormsAndBracketsAreDropped) {
  const auto pairs = parseQuery("filter[]=a%3Ab&filter%5B%5D=c+d&&x&y==");
  ASSERT_TRUE(pairs);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"filter", "a:b"}, {"filter", "c d"}, {"x", ""}, {"y", "="}};
  EXPECT_EQ(*pairs, wanted);
  EXPECT_FALSE(parseQuery("a=%zz"));
  std::string many;
  for (int i = 0; i < 1001; ++i) {
    many += "a&";
  }
  EXPECT_FALSE(parseQuery(many));
}

TEST(Target, EncodingComesBack) {
  const std::string odd = "a b/ü?%";
  EXPECT_EQ(percentDecode(percentEncode(odd)), odd);
}

}  // namespace
}  // namespace patchbay::http
