#include "flows/sharing.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::flows {
namespace {

access::Caller ann() {
  return {"u1", "ann", "Ann@Example.test", {"user", "tester"}, {}};
}

store::FlowRecord flowOf(std::string userId, std::string_view sharedWith) {
  store::FlowRecord record;
  record.flowId = "f1";
  record.userId = std::move(userId);
  record.document = R"({"flow":{},"sharedWith":)" + std::string(sharedWith) + "}";
  return record;
}

TEST(Sharing, EntriesNamePeopleByEmailDomainOrScope) {
  const auto names = [](std::string_view entry) {
    return entryNames(json::parseOwn(entry), ann());
  };
  EXPECT_TRUE(names(R"({"email":"ann@example.TEST"})"));
  EXPECT_TRUE(names(R"({"domain":"example.test"})"));
  EXPECT_TRUE(names(R"({"scope":"tester"})"));
  EXPECT_FALSE(names(R"({"email":"bob@example.test"})"));
  EXPECT_FALSE(names(R"({"domain":"ample.test"})"));
  EXPECT_FALSE(names(R"({"scope":"admin"})"));
  EXPECT_FALSE(names(R"("tester")"));
}

TEST(Sharing, WritesAreChecked) {
  const auto fine = [](std::string_view list) {
    return checkSharedWith(json::parseOwn(list)).has_value();
  };
  EXPECT_TRUE(fine("[]"));
  EXPECT_TRUE(fine(
      R"([{"email":"a@b.c","permissions":["read","start","stop"]},{"scope":"user","permissions":[]}])"));
  EXPECT_TRUE(fine(R"([{"email":"a@b.c","domain":null,"permissions":["read"]}])"));
  EXPECT_FALSE(fine("{}"));
  EXPECT_FALSE(fine("[1]"));
  EXPECT_FALSE(fine(R"([{"permissions":["read"]}])"));
  EXPECT_FALSE(fine(R"([{"email":"a@b.c","scope":"user","permissions":["read"]}])"));
  EXPECT_FALSE(fine(R"([{"email":"a@b.c"}])"));
  EXPECT_FALSE(fine(R"([{"email":"a@b.c","permissions":["write"]}])"));
  EXPECT_FALSE(fine(R"([{"email":"","permissions":["read"]}])"));
}

base::Code answer(const store::FlowRecord& flow, Right right, access::Caller caller = ann()) {
  const auto status = checkRight(flow, caller, right);
  return status ? base::Code::kInternal : status.error().code;  // kInternal stands for "allowed"
}

TEST(Sharing, OwnersAndAdminsMayDoEverything) {
  EXPECT_TRUE(checkRight(flowOf("u1", "[]"), ann(), Right::kWrite));
  access::Caller admin{"u9", "root", "root@x", {"user", "admin"}, {}};
  EXPECT_TRUE(checkRight(flowOf("u1", "[]"), admin, Right::kWrite));
}

TEST(Sharing, RecipientsMayDoWhatTheirEntriesPermit) {
  const auto reader = flowOf("u2", R"([{"domain":"example.test","permissions":["read"]}])");
  EXPECT_TRUE(checkRight(reader, ann(), Right::kRead));
  EXPECT_EQ(answer(reader, Right::kStart), base::Code::kForbidden);
  EXPECT_EQ(answer(reader, Right::kWrite), base::Code::kForbidden);
  const auto starter = flowOf("u2", R"([{"scope":"tester","permissions":["start"]}])");
  EXPECT_TRUE(checkRight(starter, ann(), Right::kStart));
  EXPECT_EQ(answer(starter, Right::kRead), base::Code::kNotFound);
}

TEST(Sharing, OthersDoNotLearnThatAFlowExists) {
  const auto strange = flowOf("u2", R"([{"email":"bob@example.test","permissions":["read"]}])");
  for (const Right right : {Right::kRead, Right::kStart, Right::kStop, Right::kWrite}) {
    EXPECT_EQ(answer(strange, right), base::Code::kNotFound);
  }
}

}  // namespace
}  // namespace patchbay::flows
