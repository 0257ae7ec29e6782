#include "connectors/catalogues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "connectors/file_tree.h"
#include "connectors/testing_folder.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

void offer(const fs::path& folder, const std::vector<std::pair<std::string, std::string>>& versions,
           const std::string& label = "L", const std::string& engine = "") {
  json::array rows;
  for (const auto& [name, version] : versions) {
    rows.push_back(json::object{{"name", name},
                                {"version", version},
                                {"label", label},
                                {"engine", engine},
                                {"file", "x.zip"},
                                {"sha256", ""},
                                {"size", 0}});
  }
  fs::create_directories(folder);
  ASSERT_TRUE(writeFile(folder / "index.json",
                        json::write(json::object{{"format", 1}, {"connectors", rows}})));
}

std::vector<std::string> offered(const Catalogues& catalogues) {
  std::vector<std::string> names;
  for (const Offer& row : catalogues.offers()->offers) {
    names.push_back(row.name + " " + row.version + " " + row.label);
  }
  return names;
}

TEST(Catalogues, MergesFoldersAndTheFirstWins) {
  const TestFolder folder;
  offer(folder.path() / "one", {{"a.x", "1.9.9"}, {"b.y", "1.0.0"}}, "one");
  offer(folder.path() / "two", {{"a.x", "1.10.0"}, {"a.x", "1.9.9"}}, "two");
  Catalogues catalogues({folder.path() / "one", folder.path() / "two"});
  EXPECT_THAT(offered(catalogues), IsEmpty());
  ASSERT_TRUE(catalogues.refresh());
  EXPECT_THAT(offered(catalogues), ElementsAre("a.x 1.10.0 two", "a.x 1.9.9 one", "b.y 1.0.0 one"));
  EXPECT_EQ(catalogues.error(), "");
}

TEST(Catalogues, ABrokenFolderKeepsWhatItLastGave) {
  const TestFolder folder;
  offer(folder.path() / "one", {{"a.x", "1.0.0"}});
  offer(folder.path() / "two", {{"b.y", "1.0.0"}});
  Catalogues catalogues({folder.path() / "one", folder.path() / "two"});
  ASSERT_TRUE(catalogues.refresh());
  ASSERT_TRUE(writeFile(folder.path() / "one" / "index.json", "not JSON"));
  offer(folder.path() / "two", {{"b.y", "1.1.0"}});
  ASSERT_TRUE(catalogues.refresh());
  EXPECT_THAT(offered(catalogues), ElementsAre("a.x 1.0.0 L", "b.y 1.1.0 L"));
  EXPECT_THAT(catalogues.error(), HasSubstr("index.json"));
  fs::remove_all(folder.path());
  EXPECT_EQ(catalogues.refresh().error().code, base::Code::kUnavailable);
  EXPECT_THAT(offered(catalogues), ElementsAre("a.x 1.0.0 L", "b.y 1.1.0 L"));
}

TEST(Catalogues, AFolderNoLongerNamedOffersNothing) {
  const TestFolder folder;
  offer(folder.path(), {{"a.x", "1.0.0"}});
  Catalogues catalogues({folder.path()});
  ASSERT_TRUE(catalogues.refresh());
  const auto held = catalogues.offers();
  catalogues.setFolders({});
  ASSERT_TRUE(catalogues.refresh());
  EXPECT_THAT(offered(catalogues), IsEmpty());
  EXPECT_EQ(held->offers.size(), 1U);
}

TEST(Catalogues, PlacesItCannotReadAreNamed) {
  Catalogues catalogues({"https://example.org/catalogue", "relative/folder"});
  EXPECT_FALSE(catalogues.refresh());
  EXPECT_THAT(catalogues.error(),
              HasSubstr("https://example.org/catalogue: a catalogue at a web address"));
  EXPECT_THAT(catalogues.error(), HasSubstr("relative/folder is not an absolute folder"));
}

TEST(Catalogues, NewestIsTheNewestThatFits) {
  const TestFolder folder;
  offer(folder.path() / "one", {{"a.x", "2.0.0"}}, "L", ">=7");
  offer(folder.path() / "two", {{"a.x", "1.9.0"}, {"a.x", "1.10.0"}});
  Catalogues catalogues({folder.path() / "one", folder.path() / "two"});
  ASSERT_TRUE(catalogues.refresh());
  EXPECT_EQ(catalogues.find("a.x", "")->version, "1.10.0");
  EXPECT_FALSE(catalogues.find("a.x", "2.0.0")->fitsEngine);
  EXPECT_FALSE(catalogues.find("a.x", "3.0.0"));
  EXPECT_FALSE(catalogues.find("a.x", "soon"));
  EXPECT_FALSE(catalogues.find("a.z", ""));
}

TEST(Catalogues, AFileAddressIsItsFolder) {
  EXPECT_EQ(catalogueFolder("file:///srv/my%20bundles"), fs::path("/srv/my bundles"));
  EXPECT_EQ(catalogueFolder("/srv/100%"), fs::path("/srv/100%"));
  EXPECT_EQ(catalogueFolder("https://x.org/c"), fs::path("https://x.org/c"));
}

}  // namespace
}  // namespace patchbay::connectors
