#include "connectors/changelog.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::connectors {
namespace {

json::value parsed(std::string_view text) {
  return *json::parse(text, "test");
}

std::string entries(std::string_view changelog, std::string_view above = {},
                    std::string_view upTo = {}) {
  return json::write(changelogEntries(parsed(changelog), *parseVersion("1.0.0"),
                                      {parseVersion(above), parseVersion(upTo)}));
}

std::string onlyText(const std::string& text) {
  const json::array out =
      changelogEntries(json::object{{"1.0.0", json::array{text}}}, *parseVersion("1.0.0"), {});
  const json::object& change = out.at(0).as_object().at("changes").as_array().at(0).as_object();
  return json::getString(change, "text") + (json::getBool(change, "breaking") ? " !" : "");
}

TEST(Changelog, S95IsAboveOneVersionAndUpToAnotherNewestFirst) {
  constexpr std::string_view kHistory =
      R"({"1.9.9":["a"],"1.10.0":["b"],"1.10.0-rc.1":["c"],"2.0.0":"d","soon":["e"]})";
  EXPECT_EQ(
      entries(kHistory, "1.9.9", "1.10.0"),
      R"([{"version":"1.10.0","breaking":false,"changes":[{"text":"b","breaking":false}]},)"
      R"({"version":"1.10.0-rc.1","breaking":false,"changes":[{"text":"c","breaking":false}]}])");
  EXPECT_EQ(entries(kHistory, "2.0.0"), "[]");
}

TEST(Changelog, S98AnEntryOfANewMajorIsBreakingWhateverItSays) {
  EXPECT_EQ(entries(R"({"1.0.0":["a"],"3.0.0":["b"]})", "1.0.0"),
            R"([{"version":"3.0.0","breaking":true,"changes":[{"text":"b","breaking":false}]}])");
}

TEST(Changelog, AListIsTheEntryOfTheBundlesVersion) {
  EXPECT_EQ(entries(R"(["a","b"])"),
            R"([{"version":"1.0.0","breaking":false,"changes":[{"text":"a","breaking":false},)"
            R"({"text":"b","breaking":false}]}])");
  EXPECT_EQ(entries("null"), "[]");
  EXPECT_EQ(entries("7"), "[]");
}

TEST(Changelog, TheMarkInFrontIsCutOffInItsSpellings) {
  for (const char* text :
       {"(breaking change) X.", "(Breaking Change): X.", "[Breaking Change]: X.", "(breaking) X.",
        "Breaking: X.", "Breaking Change: X.", "Breaking change - X.", " BREAKING CHANGES: X."}) {
    EXPECT_EQ(onlyText(text), "X. !") << text;
  }
  EXPECT_EQ(onlyText("Send - Breaking Change: X."), "Send - Breaking Change: X. !");
  EXPECT_EQ(onlyText("Breaking the input of X."), "Breaking the input of X. !");
  EXPECT_EQ(onlyText("(breaking change)"), "(breaking change) !");
  EXPECT_EQ(onlyText("A non-breaking change."), "A non-breaking change.");
}

}  // namespace
}  // namespace patchbay::connectors
