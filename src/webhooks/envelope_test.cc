#include "webhooks/envelope.h"

#include <gtest/gtest.h>

namespace patchbay::webhooks {
namespace {

using Headers = std::map<std::string, std::string, std::less<>>;
using Query = std::vector<std::pair<std::string, std::string>>;

std::string envelope(std::string_view body, const Headers& headers, const Query& query = {}) {
  const auto made = makeEnvelope({"POST", query, headers, body});
  return made ? *made : "refused: " + made.error().message;
}

TEST(Envelope, JsonStaysTheTextItWasWithoutLineBreaks) {
  EXPECT_EQ(envelope("{\n \"n\": 1.0, \"t\": \"a\\nb\" }", {{"content-type", "application/json"}}),
            R"({"method":"POST","data":{"n":1.0,"t":"a\nb"},"query":{},"headers":{"content-type":"application/json"},"hostname":""})");
}

TEST(Envelope, BrokenJsonIsRefused) {
  EXPECT_TRUE(envelope("{\"a\":", {{"content-type", "application/json"}}).starts_with("refused: "));
}

TEST(Envelope, AnEmptyBodyIsAnEmptyObject) {
  EXPECT_NE(envelope("", {{"content-type", "application/json"}}).find("\"data\":{}"), std::string::npos);
  EXPECT_NE(envelope("", {}).find("\"data\":{}"), std::string::npos);
}

TEST(Envelope, FormsBecomeObjectsAndRepeatedNamesLists) {
  EXPECT_NE(envelope("a=1&b=x+y%21&a=2", {{"content-type", "application/x-www-form-urlencoded"}}).find(R"("data":{"a":["1","2"],"b":"x y!"})"),
            std::string::npos);
}

TEST(Envelope, TextIsAStringAndBytesAreBase64) {
  EXPECT_NE(envelope("hello \"you\"", {{"content-type", "text/plain"}}).find(R"("data":"hello \"you\"")"), std::string::npos);
  EXPECT_NE(envelope(std::string_view("\x00\xff", 2), {}).find(R"("data":{"$bytes":"AP8="})"), std::string::npos);
}

TEST(Envelope, CredentialsOfOurOwnApiStayOut) {
  const std::string made = envelope("", {{"authorization", "Bearer secret"}, {"cookie", "a=b"}, {"host", "example.test:8420"}});
  EXPECT_EQ(made.find("secret"), std::string::npos);
  EXPECT_EQ(made.find("a=b"), std::string::npos);
  EXPECT_NE(made.find(R"("hostname":"example.test")"), std::string::npos);
}

}  // namespace
}  // namespace patchbay::webhooks
