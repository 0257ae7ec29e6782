#include "system_webhooks/addressees.h"

#include "access/testing_access.h"

namespace patchbay::system_webhooks {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kOne = "11111111-1111-4111-8111-111111111111";
constexpr const char* kTwo = "22222222-2222-4222-8222-222222222222";
constexpr const char* kThree = "33333333-3333-4333-8333-333333333333";

std::string hookOf(const std::string& flowId) {
  return "http://here/flows/" + flowId + "/components/c";
}

class Addressees : public ::testing::Test {
 protected:
  Addressees() { EXPECT_TRUE(configuration_.load()); }
  Texts of(const std::string& urls, const std::string& flowId) {
    EXPECT_TRUE(configuration_.put(std::string(kComponentErrorKey), boost::json::value(urls)));
    return addressees(configuration_, {std::string(kComponentErrorKey), "{}", flowId});
  }
  access::TestStore store_;
  access::SystemConfiguration configuration_{*store_.store};
};

TEST_F(Addressees, EachUrlOfTheKeyOnce) {
  EXPECT_EQ(of("", kOne), Texts{});
  EXPECT_EQ(of(" http://b , http://a,http://b,", kOne), (Texts{"http://a", "http://b"}));
}

TEST_F(Addressees, ErrorsOfAReceivingFlowGoToNoReceivingFlow) {
  const std::string urls = hookOf(kOne) + "," + hookOf(kTwo) + ",http://outside";
  EXPECT_EQ(of(urls, kThree).size(), 3U);
  EXPECT_EQ(of(urls, kOne), Texts{"http://outside"});
  EXPECT_EQ(of(urls, kTwo), Texts{"http://outside"});
}

TEST_F(Addressees, TheStopOfAReceivingFlowIsToldToTheOtherReceivers) {
  ASSERT_TRUE(configuration_.put(std::string(kFlowStoppedKey),
                                 boost::json::value(hookOf(kOne) + "," + hookOf(kTwo))));
  EXPECT_EQ(addressees(configuration_, {std::string(kFlowStoppedKey), "{}", kOne}),
            Texts{hookOf(kTwo)});
}

TEST_F(Addressees, AreBounded) {
  std::string urls;
  for (int i = 0; i < 100; ++i) {
    urls += "http://host" + std::to_string(i) + ",";
  }
  EXPECT_EQ(of(urls, kOne).size(), kMostAddressees);
}

TEST(FlowOf, ReadsTheIdUnderAnyHostAndPrefix) {
  EXPECT_EQ(flowOf(hookOf(kOne)), kOne);
  EXPECT_EQ(flowOf("https://other/prefix/flows/" + std::string(kOne) + "/components/c?x=1"), kOne);
  EXPECT_EQ(flowOf("https://h/flows/ABCDEFAB-1111-4111-8111-111111111111/components/c"),
            "abcdefab-1111-4111-8111-111111111111");
  EXPECT_EQ(flowOf("https://h/flows/x/flows/" + std::string(kOne) + "/components/c"), kOne);
}

TEST(FlowOf, IsEmptyForAllElse) {
  for (const std::string& url :
       {std::string("http://h/"), std::string("http://h/flows/x/components/c"), std::string(""),
        "http://h/flows/" + std::string(kOne),
        "http://h/?u=/flows/" + std::string(kOne) + "/components/c"}) {
    EXPECT_EQ(flowOf(url), "") << url;
  }
}

}  // namespace
}  // namespace patchbay::system_webhooks
