#include "base/health.h"

#include <gtest/gtest.h>

namespace patchbay::base {
namespace {

TEST(Health, SaysWhatIsWrongAndNothingWhenAllIsWell) {
  Health health;
  bool wrong = false;
  health.add(ReadOn::kLoop, [&]() -> std::optional<Problem> {
    return wrong ? std::optional(Problem{"A", "a is wrong", false}) : std::nullopt;
  });
  const OnLoop atOnce = [](const std::function<void()>& work) {
    work();
    return true;
  };
  EXPECT_TRUE(health.problems(atOnce).empty());
  wrong = true;
  ASSERT_EQ(health.problems(atOnce).size(), 1U);
  EXPECT_EQ(health.problems(atOnce)[0].code, "A");
}

TEST(Health, ALoopThatDoesNotAnswerIsAProblem) {
  const auto problems = Health().problems([](const std::function<void()>&) { return false; });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].stops);
}

}  // namespace
}  // namespace patchbay::base
