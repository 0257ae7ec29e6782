#include "engine/retry_policy.h"

#include <gtest/gtest.h>

namespace patchbay::engine {
namespace {

constexpr double kNoJitter = 0.5;

Outcome failed(std::optional<int> status = std::nullopt) {
  Outcome outcome = Outcome::make(OutcomeKind::kFailed, "Error", "broke");
  outcome.status = status;
  return outcome;
}

// S72: attempt times grow by the documented factor, capped.
TEST(RetryPolicy, DelaysGrowByTheFactorUpToTheCap) {
  const RetryRules rules;
  EXPECT_EQ(decide(rules, {}, failed(), 0, 0, 0, kNoJitter).delay, 10'000);
  EXPECT_EQ(decide(rules, {}, failed(), 1, 0, 0, kNoJitter).delay, 20'000);
  EXPECT_EQ(decide(rules, {}, failed(), 2, 0, 0, kNoJitter).delay, 40'000);
  EXPECT_EQ(decide(rules, {}, failed(), 20, 0, 0, kNoJitter).delay, 1'800'000);
}

TEST(RetryPolicy, JitterStaysWithinTwentyPercent) {
  const RetryRules rules;
  EXPECT_EQ(decide(rules, {}, failed(), 0, 0, 0, 0.0).delay, 8'000);
  EXPECT_NEAR(static_cast<double>(decide(rules, {}, failed(), 0, 0, 0, 0.999999).delay), 12'000, 1);
}

TEST(RetryPolicy, EndsAfterTriesOrPeriodWhicheverComesFirst) {
  const RetryRules rules;
  EXPECT_EQ(decide(rules, {}, failed(), 29, 0, 0, kNoJitter).verdict, Verdict::kRetry);
  EXPECT_EQ(decide(rules, {}, failed(), 30, 0, 0, kNoJitter).verdict, Verdict::kExhausted);
  EXPECT_EQ(decide(rules, {}, failed(), 1, 0, rules.period, kNoJitter).verdict, Verdict::kExhausted);
}

TEST(RetryPolicy, LastingClientErrorsGetAThirdOfTheTries) {
  const RetryRules rules;
  EXPECT_EQ(decide(rules, {}, failed(404), 9, 0, 0, kNoJitter).verdict, Verdict::kRetry);
  EXPECT_EQ(decide(rules, {}, failed(404), 10, 0, 0, kNoJitter).verdict, Verdict::kExhausted);
  EXPECT_EQ(decide(rules, {}, failed(429), 10, 0, 0, kNoJitter).verdict, Verdict::kRetry);
  EXPECT_EQ(decide(rules, {}, failed(401), 10, 0, 0, kNoJitter).verdict, Verdict::kRetry);
}

TEST(RetryPolicy, CancelIsNeitherRetriedNorKept) {
  EXPECT_EQ(decide({}, {}, Outcome::make(OutcomeKind::kCancelled, "CancelError", "no"), 0, 0, 0, kNoJitter).verdict,
            Verdict::kDropped);
}

TEST(RetryPolicy, InvalidInputIsExhaustedAtOnce) {
  EXPECT_EQ(decide({}, {}, Outcome::make(OutcomeKind::kInvalidInput, "ValidationFlowError", "no"), 0, 0, 0, kNoJitter).verdict,
            Verdict::kExhausted);
}

TEST(RetryPolicy, AutoRetryFalseEndsFailuresButWaitsForAMissingConnector) {
  const flows::ErrorHandling once{false, std::nullopt, flows::OnError::kStoreUnprocessed};
  EXPECT_EQ(decide({}, once, failed(), 0, 0, 0, kNoJitter).verdict, Verdict::kExhausted);
  EXPECT_EQ(decide({}, once, Outcome::make(OutcomeKind::kMissing, "ConnectorMissingError", "gone"), 0, 0, 0, kNoJitter).verdict,
            Verdict::kRetry);
}

TEST(RetryPolicy, MaxRetriesOfTheComponentWins) {
  const flows::ErrorHandling two{true, 2, flows::OnError::kStoreUnprocessed};
  EXPECT_EQ(decide({}, two, failed(), 1, 0, 0, kNoJitter).verdict, Verdict::kRetry);
  EXPECT_EQ(decide({}, two, failed(), 2, 0, 0, kNoJitter).verdict, Verdict::kExhausted);
}

TEST(RetryPolicy, AWorkerLostWithOthersSpendsNothingAndGoesOnAlone) {
  const Decision decision = decide({}, {}, Outcome::make(OutcomeKind::kLostWithOthers, "WorkerLostError", "lost"), 5, 0, 0, kNoJitter);
  EXPECT_EQ(decision.verdict, Verdict::kRetry);
  EXPECT_FALSE(decision.spendAttempt);
  EXPECT_FALSE(decision.loss);
  EXPECT_TRUE(decision.alone);
}

TEST(RetryPolicy, ThreeLossesAloneAreEnough) {
  const Outcome lost = Outcome::make(OutcomeKind::kLostAlone, "WorkerLostError", "lost");
  EXPECT_EQ(decide({}, {}, lost, 1, 1, 0, kNoJitter).verdict, Verdict::kRetry);
  EXPECT_TRUE(decide({}, {}, lost, 1, 1, 0, kNoJitter).alone);
  EXPECT_EQ(decide({}, {}, lost, 2, 2, 0, kNoJitter).verdict, Verdict::kExhausted);
}

}  // namespace
}  // namespace patchbay::engine
