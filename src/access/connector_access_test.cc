#include "access/connector_access.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::access {
namespace {

const ConnectorSubject kTrello{
    "acme.trello", {{"acme.trello.core.Card", false}, {"acme.trello.core.Hidden", true}}};

AclRule rule(std::string role, std::string resource, std::string action = "*",
             std::string attributes = "non-private") {
  return {std::move(role), std::move(resource), {std::move(action)}, {std::move(attributes)}};
}

const AclRules kRules = {rule("user", "*"),
                         rule("tester", "acme.trello.*"),
                         rule("ann@example.test", "acme.trello.core.Card"),
                         rule("user", "acme.slack.*"),
                         rule("user", "acme.trello.core.Gone", "!*"),
                         rule("tester", "acme.trello.core.*", "read", "*")};

json::object view(const AclRules& rules, std::vector<std::string> roles) {
  return connectorAccess(kTrello, rules, roles);
}

json::object roleOf(const json::object& view, std::string_view role) {
  for (const json::value& entry : json::getArray(view, "roles")) {
    if (json::getString(entry.as_object(), "role") == role) {
      return entry.as_object();
    }
  }
  return {};
}

AclRules changed(const AclRules& rules, std::string_view body) {
  auto result = withConnectorAccess(kTrello, rules, json::parseOwn(body).as_object());
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *std::move(result) : AclRules{};
}

TEST(ConnectorAccess, S19ShowsTheRulesThatApplyAndNoOthers) {
  const json::object seen = view(kRules, {"user", "tester", "ann@example.test"});
  std::vector<std::string> resources;
  for (const json::value& each : json::getArray(seen, "rules")) {
    resources.push_back(json::getString(each.as_object(), "resource"));
  }
  EXPECT_EQ(resources, (std::vector<std::string>{"*", "acme.trello.*", "acme.trello.core.Card",
                                                 "acme.trello.core.*"}));
  EXPECT_EQ(json::write(roleOf(seen, "user")),
            R"({"role":"user","access":"inherit","attributes":[],"effective":true,"components":{},)"
            R"("rules":[0]})");
  EXPECT_EQ(json::write(roleOf(seen, "tester")),
            R"({"role":"tester","access":"allow","attributes":["non-private"],"effective":true,)"
            R"("components":{},"rules":[1,3]})");
  EXPECT_EQ(json::write(roleOf(seen, "ann@example.test")),
            R"({"role":"ann@example.test","access":"inherit","attributes":[],"effective":true,)"
            R"("components":{"acme.trello.core.Card":"allow"},"rules":[0,2]})");
}

TEST(ConnectorAccess, S20VisibilityAndEffectAreWhatTheRulesDo) {
  const std::vector<std::string> roles{"admin", "user", "tester"};
  EXPECT_EQ(json::getString(view(kRules, roles), "visibility"), "everyone");
  EXPECT_EQ(json::getString(view({}, roles), "visibility"), "nobody");
  EXPECT_EQ(json::getString(view({rule("tester", "acme.*")}, roles), "visibility"), "custom");
  const AclRules denied = {rule("user", "*"), rule("user", "acme.trello.*", "!*")};
  EXPECT_EQ(json::getString(view(denied, roles), "visibility"), "nobody");
  EXPECT_FALSE(json::getBool(roleOf(view(denied, roles), "user"), "effective"));
  EXPECT_TRUE(json::getBool(roleOf(view(denied, roles), "admin"), "effective"));
}

TEST(ConnectorAccess, WhatIsReadAndWrittenBackChangesNothing) {
  const json::object seen = view(kRules, {"admin", "user", "tester", "ann@example.test"});
  EXPECT_EQ(changed(kRules, json::write(json::value(seen))), kRules);
}

TEST(ConnectorAccess, S42OnlyItsOwnRulesAreRewrittenInTheirPlace) {
  const AclRules now = changed(kRules, R"({"roles":[
    {"role":"user","access":"deny"},
    {"role":"tester","access":"allow","attributes":["*"],"components":{"acme.trello.core.Card":"deny"}}]})");
  EXPECT_EQ(now,
            (AclRules{rule("user", "*"), rule("tester", "acme.trello.*", "*", "*"),
                      rule("tester", "acme.trello.core.Card", "!*", "*"),
                      rule("user", "acme.slack.*"), rule("user", "acme.trello.core.Gone", "!*"),
                      rule("tester", "acme.trello.core.*", "read", "*"),
                      rule("user", "acme.trello.*", "!*", "*")}))
      << "a role that is not named keeps none of its own";
}

TEST(ConnectorAccess, WhatIsNoRoleAccessOrComponentIsRefused) {
  for (const char* body :
       {R"({})", R"({"roles":{}})", R"({"roles":[1]})", R"({"roles":[{"access":"allow"}]})",
        R"({"roles":[{"role":"user","access":"maybe"}]})",
        R"({"roles":[{"role":"user","access":1}]})",
        R"({"roles":[{"role":"user"},{"role":"user"}]})",
        R"({"roles":[{"role":"user","attributes":"*"}]})",
        R"({"roles":[{"role":"user","components":{"acme.slack.core.Send":"deny"}}]})",
        R"({"roles":[{"role":"user","components":{"acme.trello.core.Card":"no"}}]})"}) {
    const auto refused = withConnectorAccess(kTrello, kRules, json::parseOwn(body).as_object());
    ASSERT_FALSE(refused) << body;
    EXPECT_EQ(refused.error().code, base::Code::kInvalid);
  }
}

TEST(ConnectorAccess, S38S41UserRulesAreAddedOnceForEachConnector) {
  const AclRules first = missingUserRules(kRules, {"acme.slack", "acme.trello"});
  EXPECT_EQ(first, (AclRules{rule("user", "acme.trello.*")}));
  AclRules all = kRules;
  all.insert(all.end(), first.begin(), first.end());
  EXPECT_TRUE(missingUserRules(all, {"acme.slack", "acme.trello"}).empty());
  EXPECT_EQ(missingUserRules(all, {"acme.slack", "acme.new", "acme.trello"}),
            (AclRules{rule("user", "acme.new.*")}));
}

TEST(ConnectorAccess, S44AddressesAreComparedWithoutRegardToCase) {
  const Caller ann{"", "", "Ann@Example.test", {"user"}, {}};
  EXPECT_TRUE(isRoleOf(ann, "ann@example.TEST"));
  EXPECT_TRUE(isRoleOf(ann, "@example.test"));
  EXPECT_FALSE(isRoleOf(ann, "@ample.test"));
  EXPECT_FALSE(isRoleOf(ann, "USER"));
}

}  // namespace
}  // namespace patchbay::access
