#include "access/system_configuration.h"

#include "access/testing_access.h"
#include "base/json.h"

namespace patchbay::access {
namespace {

class SystemConfigurationTest : public ::testing::Test {
 protected:
  SystemConfigurationTest() { EXPECT_TRUE(configuration_.load()); }
  void put(const std::string& key, json::value value) {
    const auto status = configuration_.put(key, value);
    ASSERT_TRUE(status) << status.error().message;
  }
  TestStore store_;
  SystemConfiguration configuration_{*store_.store};
};

TEST_F(SystemConfigurationTest, NumbersAndTextsAreReadAlikeAndKeptAsSent) {
  put("A", "60000");
  put("B", 60000);
  put("C", "nonsense");
  EXPECT_EQ(configuration_.millis("A", 1).count(), 60000);
  EXPECT_EQ(configuration_.millis("B", 1).count(), 60000);
  EXPECT_EQ(configuration_.millis("C", 7).count(), 7);
  EXPECT_EQ(configuration_.bytes("missing", 9), 9U);
  EXPECT_EQ(json::write(*configuration_.get("A")), "\"60000\"");
  EXPECT_EQ(json::write(*configuration_.get("B")), "60000");
  EXPECT_EQ(configuration_.text("B"), "60000");
}

TEST_F(SystemConfigurationTest, FlagsAndListsComeInManyForms) {
  put("T", "true");
  put("F", false);
  put("N", 1);
  put("L", "admin, tester ,");
  put("M", json::array{"a", "b"});
  EXPECT_TRUE(configuration_.flag("T", false));
  EXPECT_FALSE(configuration_.flag("F", true));
  EXPECT_TRUE(configuration_.flag("N", false));
  EXPECT_TRUE(configuration_.flag("missing", true));
  EXPECT_EQ(configuration_.list("L"), (std::vector<std::string>{"admin", "tester"}));
  EXPECT_EQ(configuration_.list("M"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(SystemConfigurationTest, TheTokenSecretStaysOutOfTheList) {
  put("JWTSecret", "a secret that is long enough");
  put("Z", 1);
  const auto all = configuration_.all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].first, "Z");
  EXPECT_FALSE(configuration_.put("JWTSecret", "short"));
}

TEST_F(SystemConfigurationTest, TellsOfChangesAndSurvivesARestart) {
  std::vector<std::string> told;
  configuration_.onChange([&told](const std::string& key) { told.push_back(key); });
  put("A", 1);
  ASSERT_TRUE(configuration_.erase("A"));
  EXPECT_EQ(configuration_.erase("A").error().code, base::Code::kNotFound);
  EXPECT_EQ(told, (std::vector<std::string>{"A", "A"}));
  put("B", json::object{{"x", 1}});
  SystemConfiguration again(*store_.store);
  ASSERT_TRUE(again.load());
  EXPECT_EQ(again.text("B"), R"({"x":1})");
}

}  // namespace
}  // namespace patchbay::access
