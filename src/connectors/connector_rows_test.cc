#include "connectors/connector_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/testing_ground.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class ConnectorRowsTest : public testing::Test {
 protected:
  void offer(const std::vector<json::object>& more) {
    json::array all;
    for (const json::object& members : more) {
      json::object row{{"label", "Offered"}, {"file", "x.zip"}, {"sha256", ""}, {"size", 0}};
      for (const auto& member : members) {
        row[member.key()] = member.value();
      }
      all.push_back(std::move(row));
    }
    ASSERT_TRUE(writeFile(folder_.path() / "index.json",
                          json::write(json::object{{"format", 1}, {"connectors", all}})));
    ASSERT_TRUE(catalogues_.refresh());
  }

  std::string shown(const std::string& name, const std::vector<const char*>& keys) {
    const auto detail = rows_.detail(name);
    json::object out;
    for (const char* key : keys) {
      out[key] = detail ? detail->at(key) : json::value("none");
    }
    return json::write(out);
  }

  Ground ground_;
  TestFolder folder_;
  Catalogues catalogues_{{folder_.path()}};
  ConnectorRows rows_{*ground_.registry, catalogues_, *ground_.store, [](const std::string& name) {
                        return name == "acme.mail" ? std::optional<std::string>("ticket")
                                                   : std::nullopt;
                      }};
};

TEST_F(ConnectorRowsTest, JoinsWhatIsInstalledWithWhatIsOffered) {
  ground_.publish(serviceBundle("mail", "1.9.9", {"Send"}));
  ground_.publish(serviceBundle("own", "1.0.0", {"Send"}));
  offer({{{"name", "acme.mail"}, {"version", "1.10.0"}},
         {{"name", "acme.chat"}, {"version", "1.0.0"}}});
  std::vector<std::string> names;
  for (const json::value& row : rows_.rows()) {
    names.push_back(json::getString(row.as_object(), "name") + " " +
                    json::getString(row.as_object(), "label"));
  }
  EXPECT_THAT(names, ElementsAre("acme.chat Offered", "acme.mail mail", "acme.own own"));
  EXPECT_EQ(shown("acme.mail", {"source", "installedVersion", "availableVersion", "updateAvailable",
                                "breaking", "operation"}),
            R"({"source":"marketplace","installedVersion":"1.9.9","availableVersion":"1.10.0",)"
            R"("updateAvailable":true,"breaking":false,"operation":"ticket"})");
  EXPECT_EQ(shown("acme.own", {"source", "availableVersion", "operation"}),
            R"({"source":"published","availableVersion":null,"operation":null})");
  EXPECT_EQ(rows_.detail("acme.none").error().code, base::Code::kNotFound);
}

TEST_F(ConnectorRowsTest, AnUpdateThatDoesNotFitIsNone) {
  ground_.publish(serviceBundle("mail", "1.0.0", {"Send"}));
  offer({{{"name", "acme.mail"}, {"version", "2.0.0"}, {"engine", ">=7"}}});
  EXPECT_EQ(
      shown("acme.mail", {"availableVersion", "compatible", "updateAvailable", "breaking"}),
      R"({"availableVersion":"2.0.0","compatible":false,"updateAvailable":false,"breaking":false})");
  offer({{{"name", "acme.mail"}, {"version", "2.0.0"}, {"engine", ">=7"}},
         {{"name", "acme.mail"}, {"version", "1.1.0"}, {"engine", ">=6"}}});
  EXPECT_EQ(shown("acme.mail", {"availableVersion", "compatible", "updateAvailable"}),
            R"({"availableVersion":"1.1.0","compatible":true,"updateAvailable":true})");
}

TEST_F(ConnectorRowsTest, S98BreakingIsAnyStepOverAMajorOrWhatTheChangelogSays) {
  ground_.publish(serviceBundle("mail", "1.0.0", {"Send"}));
  offer({{{"name", "acme.mail"}, {"version", "3.0.0"}}});
  EXPECT_EQ(shown("acme.mail", {"breaking"}), R"({"breaking":true})");
  offer({{{"name", "acme.mail"},
          {"version", "1.2.0"},
          {"changelog", json::object{{"1.1.0", json::array{"(breaking change) x"}}}}}});
  EXPECT_EQ(shown("acme.mail", {"breaking"}), R"({"breaking":true})");
}

TEST_F(ConnectorRowsTest, AnInstalledModuleIsShownAsItsModule) {
  Contents service = serviceBundle("suite", "1.0.0", {});
  service.erase("acme/suite/bundle.json");
  ground_.publish(service + moduleBundle("suite", "docs", "1.0.0", {"Get"}));
  EXPECT_EQ(shown("acme.suite.docs", {"label", "vendor", "modules"}),
            R"({"label":"docs","vendor":"acme","modules":["acme.suite.docs"]})");
}

TEST_F(ConnectorRowsTest, DownloadsWhatIsInstalledInTheTrashOrOffered) {
  ground_.publish(serviceBundle("mail", "1.0.0", {"Send"}));
  ground_.publish(serviceBundle("mail", "1.1.0", {"Send"}));
  const std::string zip = *writeZip(Contents{{"a", "b"}});
  ASSERT_TRUE(writeFile(folder_.path() / "x.zip", zip));
  offer({{{"name", "acme.mail"},
          {"version", "2.0.0"},
          {"sha256", sha256Hex(zip)},
          {"size", zip.size()}},
         {{"name", "acme.mail"}, {"version", "3.0.0"}}});
  EXPECT_EQ(rows_.download("acme.mail", "")->version, "1.1.0");
  EXPECT_EQ(rows_.download("acme.mail", "1.0.0")->version, "1.0.0");
  EXPECT_EQ(rows_.download("acme.mail", "2.0.0")->bytes, zip);
  EXPECT_THAT(rows_.download("acme.mail", "3.0.0").error().message, HasSubstr("size or SHA-256"));
  EXPECT_EQ(rows_.download("acme.mail", "4.0.0").error().code, base::Code::kConflict);
  EXPECT_EQ(rows_.download("acme.mail", "soon").error().code, base::Code::kInvalid);
  EXPECT_EQ(rows_.download("acme.none", "").error().code, base::Code::kNotFound);
}

TEST_F(ConnectorRowsTest, ARemovedConnectorKeepsItsVersionsInTheTrash) {
  ground_.publish(serviceBundle("mail", "1.0.0", {"Send"}));
  ASSERT_TRUE(ground_.remove("acme.mail"));
  EXPECT_FALSE(rows_.detail("acme.mail"));
  const auto versions = rows_.versions("acme.mail");
  ASSERT_TRUE(versions);
  ASSERT_EQ(versions->size(), 1U);
  EXPECT_TRUE(json::getBool(versions->at(0).as_object(), "trashed"));
  EXPECT_EQ(rows_.download("acme.mail", "").error().code, base::Code::kConflict);
  EXPECT_TRUE(rows_.download("acme.mail", "1.0.0"));
}

}  // namespace
}  // namespace patchbay::connectors
