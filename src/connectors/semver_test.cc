#include "connectors/semver.h"

#include <gtest/gtest.h>

namespace patchbay::connectors {
namespace {

bool fits(std::string_view range, std::string_view version) {
  const auto read = Range::parse(range);
  EXPECT_TRUE(read.has_value()) << range;
  const auto parsed = parseVersion(version);
  EXPECT_TRUE(parsed.has_value()) << version;
  return read && parsed && read->contains(*parsed);
}

TEST(Version, ReadsWhatIsOneAndNothingElse) {
  EXPECT_EQ(parseVersion("1.2.3")->text(), "1.2.3");
  EXPECT_EQ(parseVersion("v10.20.30-rc.1+build.7")->text(), "10.20.30-rc.1");
  for (const char* text : {"", "1", "1.2", "1.2.x", "01.2.3", "1.2.3.4", "a.b.c", "1.2.3-",
                           "=1.2.3", "99999999999999999999.0.0", "1.2.3-a..b"}) {
    EXPECT_FALSE(parseVersion(text).has_value()) << text;
  }
}

TEST(Version, OrdersAsSemverDoes) {
  const std::vector<std::string> ordered = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                            "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                            "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                            "1.1.0",       "1.10.0",        "2.0.0"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      EXPECT_EQ(*parseVersion(ordered[i]) <=> *parseVersion(ordered[j]), i <=> j)
          << ordered[i] << " " << ordered[j];
    }
  }
}

TEST(Range, TheOnesOfKnownBundlesAcceptThisEngine) {
  for (const char* range :
       {">=6.0.0", ">=6.0", ">=5.0", ">=6.1", ">=5.1", "*", "", "^6.0.0", "~6.4", "6.x", "6",
        ">= 6.0 < 7", "5.x || 6.x", "6.0 - 6.4", "<=6.4", ">5"}) {
    EXPECT_TRUE(fits(range, kEngineVersion)) << range;
  }
  for (const char* range : {">=6.5", ">=7.0.0", "^5.0.0", "~6.3.0", "5.x", "<6.4.0", ">6.4",
                            "6.0 - 6.3", "<6", "^7 || ^5", "=6.4.1", ">*", "<*"}) {
    EXPECT_FALSE(fits(range, kEngineVersion)) << range;
  }
}

TEST(Range, CaretKeepsTheLeftmostNumberThatIsNotZero) {
  EXPECT_TRUE(fits("^0.2.3", "0.2.9"));
  EXPECT_FALSE(fits("^0.2.3", "0.3.0"));
  EXPECT_TRUE(fits("^0.0.3", "0.0.3"));
  EXPECT_FALSE(fits("^0.0.3", "0.0.4"));
  EXPECT_TRUE(fits("^0", "0.9.9"));
  EXPECT_FALSE(fits("^0.0", "0.1.0"));
  EXPECT_FALSE(fits("^1.2.3", "2.0.0-rc.1"));
}

TEST(Range, PrereleasesCountOnlyWhereNamed) {
  EXPECT_FALSE(fits(">=1.0.0", "1.2.0-rc.1"));
  EXPECT_TRUE(fits(">=1.2.0-beta", "1.2.0-rc.1"));
  EXPECT_FALSE(fits(">=1.2.0-beta", "1.3.0-rc.1"));
  EXPECT_FALSE(fits("<2.0.0", "2.0.0-rc.1"));
}

TEST(Range, WhatCannotBeReadIsNoRange) {
  for (const char* text : {"latest", ">=", ">=6.a", "6.4.0.1", "^^1", "1 - ", "git+ssh://x"}) {
    EXPECT_FALSE(Range::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(Range::parse(std::string(300, ' ')).has_value());
}

}  // namespace
}  // namespace patchbay::connectors
