#include "http/list_query.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "http/target.h"
#include "http/text_pattern.h"

namespace patchbay::http {
namespace {

base::Result<ListQuery> query(std::string_view text) {
  Request request;
  request.query = *parseQuery(text);
  return ListQuery::parse(request);
}

json::array documents() {
  return json::parseOwn(R"([
    {"id":"1","name":"Invoice copy","n":2,"on":true,"scope":["user","acme1"],"service":"appmixer:slack",
     "customFields":{"category":"a","secret":"x"}},
    {"id":"2","name":"other","n":10,"on":false,"scope":["user"],"service":"acme:x","customFields":{"category":"b"}},
    {"id":"3","name":"INVOICE","n":1,"on":true,"scope":[],"gone":null}])")
      .as_array();
}

std::string ids(std::string_view text) {
  const auto parsed = query(text);
  if (!parsed) {
    return "refused";
  }
  std::string found;
  for (const auto& document : parsed->apply(documents(), {"id", {"name"}})) {
    found += json::getString(document.as_object(), "id");
  }
  return found;
}

TEST(ListQuery, FiltersCompareByJsonSpelling) {
  EXPECT_EQ(ids(""), "123");
  EXPECT_EQ(ids("filter=n:10"), "2");
  EXPECT_EQ(ids("filter=on:true"), "13");
  EXPECT_EQ(ids("filter=gone:null"), "123");
  EXPECT_EQ(ids("filter=service:appmixer:slack"), "1");
  EXPECT_EQ(ids("filter=service:!appmixer:slack"), "23");
  EXPECT_EQ(ids("filter=customFields.category:b"), "2");
}

TEST(ListQuery, ArraysContainAndFiltersAreAllNeeded) {
  EXPECT_EQ(ids("filter=scope:acme1"), "1");
  EXPECT_EQ(ids("filter=scope:!acme1"), "23");
  EXPECT_EQ(ids("filter[]=on:true&filter=n:1"), "3");
}

TEST(ListQuery, ContainsIgnoresCaseAndKnowsAnchors) {
  EXPECT_EQ(ids("filter=name:~invoice"), "13");
  EXPECT_EQ(ids("filter=name:~%5EINVOICE%24"), "3");
  EXPECT_EQ(ids("filter=name:~in.*copy"), "1");
  EXPECT_EQ(ids("filter=missing:~"), "");
}

TEST(ListQuery, SortsByTypeThenValueInTheOrderGiven) {
  EXPECT_EQ(ids("sort=n:1"), "312");
  EXPECT_EQ(ids("sort=n;-1"), "213");
  EXPECT_EQ(ids("sort=on:-1&sort=n:1"), "312");
  EXPECT_EQ(ids("sort=:1"), "refused");
}

TEST(ListQuery, PagesAndRefusesWhatIsNoNumber) {
  EXPECT_EQ(ids("offset=1&limit=1"), "2");
  EXPECT_EQ(ids("offset=9"), "");
  EXPECT_EQ(ids("limit=0"), "");
  EXPECT_EQ(ids("limit=ten"), "refused");
  EXPECT_EQ(ids("offset=-1"), "refused");
}

TEST(ListQuery, PatternIsASubstringOfTheNames) {
  EXPECT_EQ(ids("pattern=INVO"), "13");
  EXPECT_EQ(ids("pattern=.*"), "");
  EXPECT_EQ(query("pattern=invo&limit=1")->count(documents(), {"id", {"name"}}), 2U);
}

TEST(ListQuery, ProjectionsIncludeOrExclude) {
  const auto first = [](std::string_view text) {
    return json::write(query(text)->apply(documents(), {"id", {}})[0]);
  };
  EXPECT_EQ(first("projection=name,n"), R"({"name":"Invoice copy","n":2})");
  EXPECT_EQ(first("projection=customFields.category"), R"({"customFields":{"category":"a"}})");
  EXPECT_EQ(first("projection=-id,-scope,-service,-customFields,-on"), R"({"id":"1","name":"Invoice copy","n":2})");
  EXPECT_EQ(first("projection=name,customFields,-customFields.secret"),
            R"({"name":"Invoice copy","customFields":{"category":"a"}})");
}

TEST(TextPattern, HostilePatternsEndSoon) {
  const std::string text(2000, 'a');
  std::string pattern;
  for (int i = 0; i < 100; ++i) {
    pattern += "a.*";
  }
  EXPECT_TRUE(matchesPattern(text, pattern));
  EXPECT_FALSE(matchesPattern(text, pattern + "b"));
  EXPECT_TRUE(matchesPattern("a(b)+", "(b)+"));
  EXPECT_TRUE(matchesPattern("a.b", "a\\.b"));
  EXPECT_FALSE(matchesPattern("axb", "a\\.b"));
}

}  // namespace
}  // namespace patchbay::http
