#include "world.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace patchbay::simulate {
namespace {

class WorldTest : public testing::Test {
 protected:
  WorldTest() { spdlog::set_level(spdlog::level::off); }

  WorldReport run(std::uint64_t seed, bool acknowledgesEarly = false) {
    WorldOptions options;
    options.seed = seed;
    options.acknowledgesEarly = acknowledgesEarly;
    return World(idle_, image_, options).run();
  }

  Idle idle_;
  const LossyDisk::Image image_ = firstStart(idle_);
};

TEST_F(WorldTest, ASeedIsTheSameWorldEveryTime) {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const WorldReport first = run(seed);
    const WorldReport second = run(seed);
    EXPECT_EQ(first.hash, second.hash) << "seed " << seed;
    EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
    EXPECT_FALSE(first.failure.has_value()) << "seed " << seed << ": " << *first.failure;
    hashes.insert(first.hash);
  }
  EXPECT_EQ(hashes.size(), 20u) << "seeds make different worlds";
}

TEST_F(WorldTest, SomethingHappensInIt) {
  WorldReport all;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const WorldReport report = run(seed);
    all.lives += report.lives;
    all.accepted += report.accepted;
    all.calls += report.calls;
    all.deadLetters += report.deadLetters;
  }
  EXPECT_GT(all.lives, 40u);
  EXPECT_GT(all.accepted, 100u);
  EXPECT_GT(all.calls, 1'000u);
  EXPECT_GT(all.deadLetters, 20u);
}

// Webhook calls that came while a flow was being started, and the commit that starts it failed: they kept the number of a run that never was.
TEST_F(WorldTest, WhatComesDuringAStartThatIsTakenBackIsNotLost) {
  for (const std::uint64_t seed : {48'003U, 52'506U, 65'021U, 71'374U, 71'971U}) {
    const WorldReport report = run(seed);
    EXPECT_FALSE(report.failure.has_value()) << "seed " << seed << ": " << *report.failure;
  }
}

TEST_F(WorldTest, AnAcknowledgementBeforeItsCommitIsFound) {
  bool found = false;
  for (std::uint64_t seed = 1; seed <= 300 && !found; ++seed) {
    found = run(seed, true).failure.has_value();
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace patchbay::simulate
