#include "access/tokens.h"

#include "access/gate.h"
#include "access/login_throttle.h"
#include "access/testing_access.h"
#include "base/json.h"

namespace patchbay::access {
namespace {

class TokensTest : public ::testing::Test {
 protected:
  TokensTest() {
    EXPECT_TRUE(configuration_.load());
    EXPECT_TRUE(tokens_.load());
  }
  TestStore store_;
  TestClock clock_;
  base::SystemRandom random_;
  SystemConfiguration configuration_{*store_.store};
  Tokens tokens_{*store_.store, configuration_, random_, clock_};
  const Tokens::Subject user_{"65f0c1d2e3a4b5c6d7e8f901", "ops@example.test", {"user", "admin"}};
};

TEST_F(TokensTest, CarriesTheClaimsThatClientsRead) {
  // exp, iat and the rest as a client without a key sees them: base64url of JSON.
  const std::string token = tokens_.issue(user_);
  const std::string payload = token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
  EXPECT_EQ(payload.find_first_of("-_="), std::string::npos);
  EXPECT_EQ(*tokens_.verify(token), user_.id);
}

TEST_F(TokensTest, NamesOutsideAsciiNeverNeedUrlSafeCharacters) {
  for (const std::string name : {"zoë>?~", "日本語?", "emoji😀~~~", "~?>~?>~?>", "ÿÿÿ"}) {
    const std::string token = tokens_.issue({user_.id, name, {name}});
    const std::string payload =
        token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
    EXPECT_EQ(payload.find_first_of("-_"), std::string::npos) << name;
    EXPECT_TRUE(tokens_.verify(token)) << name;
  }
}

TEST_F(TokensTest, ATokenOfAnotherServerHasTheTextThatTheClientCompares) {
  const std::string token = tokens_.issue(user_);
  ASSERT_TRUE(configuration_.put("JWTSecret", "another secret of 30 characters"));
  const auto refused = tokens_.verify(token);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kUnauthorized);
  EXPECT_EQ(refused.error().message, "Invalid JWT: key or signature is invalid");
  EXPECT_TRUE(tokens_.verify(tokens_.issue(user_)));
  ASSERT_TRUE(configuration_.erase("JWTSecret"));
  EXPECT_TRUE(tokens_.verify(token));
}

TEST_F(TokensTest, ExpiresAlsoWhenSeenBefore) {
  const std::string token = tokens_.issue(user_, base::Millis(60'000));
  EXPECT_TRUE(tokens_.verify(token));
  clock_.millis += 61'000;
  EXPECT_FALSE(tokens_.verify(token));
}

TEST_F(TokensTest, ForgeriesAreRefused) {
  const std::string token = tokens_.issue(user_);
  for (const std::string& forged :
       {std::string(), std::string("a.b"), std::string("a.b.c.d"), token + "x", token.substr(1),
        std::string("eyJhbGciOiJub25lIn0.eyJpZCI6IjEiLCJleHAiOjk5OTk5OTk5OTk5fQ."),
        std::string(9000, 'a')}) {
    EXPECT_FALSE(tokens_.verify(forged)) << forged;
  }
}

TEST_F(TokensTest, TheSecretSurvivesARestart) {
  const std::string token = tokens_.issue(user_);
  Tokens again(*store_.store, configuration_, random_, clock_);
  ASSERT_TRUE(again.load());
  EXPECT_TRUE(again.verify(token));
}

TEST(Gate, FindsTheTokenWhateverTheCaseOfTheScheme) {
  EXPECT_EQ(Gate::bearer("Bearer abc"), "abc");
  EXPECT_EQ(Gate::bearer("bearer  abc "), "abc");
  EXPECT_EQ(Gate::bearer("Basic abc"), "");
  EXPECT_EQ(Gate::bearer("Bearer"), "");
}

TEST(LoginThrottle, ClosesOneDoorForAWhile) {
  TestClock clock;
  LoginThrottle throttle(clock);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(throttle.check("Ann", "1.2.3.4"));
    throttle.failed("Ann", "1.2.3.4");
  }
  const auto refused = throttle.check("ann", "1.2.3.4");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kTooMany);
  EXPECT_EQ(json::getInt(refused.error().data.as_object(), "retryAfter"), 300);
  EXPECT_TRUE(throttle.check("ann", "5.6.7.8"));
  EXPECT_TRUE(throttle.check("bob", "1.2.3.4"));
  clock.millis += 300'000;
  EXPECT_TRUE(throttle.check("ann", "1.2.3.4"));
}

TEST(LoginThrottle, ASuccessClearsTheCount) {
  TestClock clock;
  LoginThrottle throttle(clock);
  for (int i = 0; i < 9; ++i) {
    throttle.failed("ann", "1.2.3.4");
  }
  throttle.succeeded("ann", "1.2.3.4");
  throttle.failed("ann", "1.2.3.4");
  EXPECT_TRUE(throttle.check("ann", "1.2.3.4"));
}

}  // namespace
}  // namespace patchbay::access
