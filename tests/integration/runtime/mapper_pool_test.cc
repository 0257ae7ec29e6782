// Mapper processes: answers, deadlines, crashes.
#include "rig.h"

namespace patchbay::runtime {
namespace {

using testing::HasSubstr;

class MapperPools : public Rig {
 protected:
  struct Answer {
    std::optional<base::Result<Mapped>> result;
  };
  std::shared_ptr<Answer> map(const std::string& members) {
    auto answer = std::make_shared<Answer>();
    mappers().map(members, [answer](base::Result<Mapped> mapped) {
      EXPECT_FALSE(answer->result.has_value());
      answer->result = std::move(mapped);
    });
    return answer;
  }
  base::Result<Mapped> wait(const std::shared_ptr<Answer>& answer) {
    EXPECT_TRUE(waitFor([&] { return answer->result.has_value(); }));
    return *answer->result;
  }
  base::Code codeOf(const std::shared_ptr<Answer>& answer) {
    const auto result = wait(answer);
    EXPECT_FALSE(result.has_value());
    return result ? base::Code::kInternal : result.error().code;
  }
};

TEST_F(MapperPools, StartsOnFirstUseAndAnswers) {
  EXPECT_EQ(mappers().processes(), 0u);
  const auto mapped = wait(map(R"("act":"value","value":{"a":1})"));
  EXPECT_EQ(mapped->value, R"({"a":1})");
  EXPECT_EQ(mapped->warnings, std::vector<std::string>{"careful"});
  EXPECT_EQ(wait(map(R"("act":"nothing")"))->value, std::nullopt);
}

TEST_F(MapperPools, RefusalIsInvalid) {
  const auto refused = wait(map(R"("act":"refuse")"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kInvalid);
  EXPECT_EQ(refused.error().message, "no such function");
}

TEST_F(MapperPools, ModifiersReachRunningAndNewMappers) {
  EXPECT_TRUE(wait(map(R"("act":"nothing")")).has_value());
  mappers().setModifiers(R"({"g_mine":{}})");
  EXPECT_THAT(*wait(map(R"("act":"modifiers")"))->value, HasSubstr(R"("document":{"g_mine":{}})"));
  codeOf(map(R"("act":"exit")"));
  EXPECT_THAT(*wait(map(R"("act":"modifiers")"))->value, HasSubstr(R"("version":1)"));
}

TEST_F(MapperPools, SlowRequestIsEndedAndTheOthersAreLost) {
  mapperOptions.deadline = base::Millis(200);
  mapperOptions.maxProcesses = 1;
  const auto slow = map(R"("act":"block")");
  const auto other = map(R"("act":"nothing")");
  EXPECT_EQ(codeOf(slow), base::Code::kDeadline);
  EXPECT_EQ(codeOf(other), base::Code::kWorkerLost);
  EXPECT_TRUE(wait(map(R"("act":"nothing")")).has_value());
}

TEST_F(MapperPools, RequestThatEndsItsProcessTwiceIsRefused) {
  mapperOptions.maxProcesses = 1;
  const auto first = map(R"("act":"nothing")");
  const auto poison = map(R"("act":"exit")");
  const auto other = map(R"("act":"nothing")");
  EXPECT_TRUE(wait(first).has_value());
  EXPECT_EQ(codeOf(poison), base::Code::kInvalid);
  EXPECT_EQ(codeOf(other), base::Code::kWorkerLost);
  EXPECT_TRUE(wait(map(R"("act":"nothing")")).has_value());
}

TEST_F(MapperPools, SecondProcessStartsUnderLoad) {
  mapperOptions.maxInFlight = 2;
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(map(R"("act":"pid")"));
  }
  std::set<std::string> pids;
  for (const auto& answer : answers) {
    pids.insert(*wait(answer)->value);
  }
  EXPECT_EQ(pids.size(), 2u);
}

TEST_F(MapperPools, IdleMapperIsStopped) {
  mapperOptions.idleStop = base::Millis(50);
  EXPECT_TRUE(wait(map(R"("act":"nothing")")).has_value());
  EXPECT_TRUE(waitFor([&] { return mappers().processes() == 0; }));
}

TEST_F(MapperPools, MapperThatDoesNotStartRests) {
  nodeOptions.node = "/nowhere/node";
  std::vector<base::Code> codes;
  for (int i = 0; i < 6; ++i) {
    codes.push_back(codeOf(map(R"("act":"nothing")")));
  }
  EXPECT_EQ(codes.back(), base::Code::kUnavailable);
}

TEST_F(MapperPools, TheRealMapperMaps) {
  nodeOptions.runtimeFolder = std::filesystem::path(PATCHBAY_SOURCE_DIR) / "runtime-js";
  sandbox = *Sandbox::probe(SandboxMode::kAuto, nodeOptions.node, nodeOptions.runtimeFolder);
  const auto mapped = wait(
      map(R"("transform":{"lambda":{"greeting":"Hello"},"modifiers":{}},"content":{},"scope":{},)"
          R"("env":{"flowId":"f","messageId":"m","arrivedAt":0,"customFields":{}})"));
  ASSERT_TRUE(mapped.has_value()) << mapped.error().message;
  EXPECT_THAT(mapped->value.value_or(""), HasSubstr("Hello"));
}

}  // namespace
}  // namespace patchbay::runtime
