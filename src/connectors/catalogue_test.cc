#include "connectors/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "connectors/file_tree.h"
#include "connectors/testing_folder.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::object row(const std::string& name, const std::string& version, const std::string& file) {
  return {{"name", name}, {"version", version},         {"label", "L"}, {"engine", ">=6.0.0"},
          {"file", file}, {"sha256", sha256Hex("zip")}, {"size", 3}};
}

void write(const TestFolder& folder, const json::array& rows) {
  ASSERT_TRUE(writeFile(folder.path() / "index.json",
                        json::write(json::object{{"format", 1}, {"connectors", rows}})));
}

TEST(Catalogue, OffersItsRowsNewestFirst) {
  const TestFolder folder;
  json::object tooNew = row("a.x", "10.0.0", "c.zip");
  tooNew["engine"] = ">=7";
  write(folder, {row("b.y", "1.0.0", "a.zip"), row("a.x", "9.0.0", "b.zip"), tooNew});
  const auto catalogue = readCatalogue(folder.path());
  ASSERT_TRUE(catalogue);
  std::vector<std::string> names;
  for (const Offer& offer : catalogue->offers) {
    names.push_back(offer.name + " " + offer.version + (offer.fitsEngine ? "" : " does not fit"));
  }
  EXPECT_THAT(names, ElementsAre("a.x 10.0.0 does not fit", "a.x 9.0.0", "b.y 1.0.0"));
}

TEST(Catalogue, LeavesOutRowsThatLeadElsewhere) {
  const TestFolder folder;
  write(folder, {row("a.x", "1.0.0", "../secret.zip"), row("a.x", "1.0.0", "/etc/passwd"),
                 row("a", "1.0.0", "x.zip"), row("a.x", "soon", "x.zip"), 7});
  const auto catalogue = readCatalogue(folder.path());
  ASSERT_TRUE(catalogue);
  EXPECT_TRUE(catalogue->offers.empty());
  EXPECT_THAT(catalogue->warnings, testing::SizeIs(5));
  EXPECT_THAT(catalogue->warnings[0],
              HasSubstr("connectors[0] names a file that is not beside the index"));
}

TEST(Catalogue, SaysWhenThereIsNone) {
  const TestFolder folder;
  EXPECT_EQ(readCatalogue(folder.path()).error().code, base::Code::kNotFound);
  ASSERT_TRUE(writeFile(folder.path() / "index.json", R"({"format":2})"));
  EXPECT_EQ(readCatalogue(folder.path()).error().code, base::Code::kInvalid);
}

TEST(Catalogue, AZipMustBeTheOneDescribed) {
  const TestFolder folder;
  write(folder, {row("a.x", "1.0.0", "a.zip")});
  const auto catalogue = readCatalogue(folder.path());
  ASSERT_TRUE(writeFile(folder.path() / "a.zip", "zip"));
  EXPECT_EQ(*readOffer(catalogue->offers[0]), "zip");
  ASSERT_TRUE(writeFile(folder.path() / "a.zip", "zap"));
  EXPECT_EQ(readOffer(catalogue->offers[0]).error().code, base::Code::kInvalid);
}

}  // namespace
}  // namespace patchbay::connectors
