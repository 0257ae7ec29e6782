// The small parts of a worker: crash loop, flow cache, reasons, versions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "runtime/crash_loop.h"
#include "runtime/exit_reason.h"
#include "runtime/flow_cache.h"
#include "runtime/node_binary.h"

namespace patchbay::runtime {
namespace {

using namespace std::chrono_literals;

constexpr base::Millis kRest{30000};
const CrashLoop::Moment kStart{};

void crash(CrashLoop& loop, CrashLoop::Moment at, int times) {
  for (int i = 0; i < times; ++i) {
    loop.crashed(at, "ended");
  }
}

TEST(CrashLoop, RestsAfterFiveCrashesInARow) {
  CrashLoop loop(kRest);
  crash(loop, kStart, 4);
  EXPECT_FALSE(loop.resting(kStart));
  crash(loop, kStart, 1);
  EXPECT_EQ(loop.resting(kStart), kRest);
  EXPECT_FALSE(loop.resting(kStart + 30s));
}

TEST(CrashLoop, GoodCallForgetsCrashes) {
  CrashLoop loop(kRest);
  crash(loop, kStart, 4);
  loop.good();
  crash(loop, kStart, 4);
  EXPECT_FALSE(loop.resting(kStart));
}

TEST(CrashLoop, CrashesFarApartDoNotCount) {
  CrashLoop loop(kRest);
  for (int i = 0; i < 20; ++i) {
    loop.crashed(kStart + i * 16s, "ended");
    EXPECT_FALSE(loop.resting(kStart + i * 16s));
  }
}

TEST(CrashLoop, FailedTrialDoublesTheRest) {
  CrashLoop loop(kRest);
  crash(loop, kStart, 5);
  crash(loop, kStart + 31s, 1);
  EXPECT_EQ(loop.resting(kStart + 31s), 60000ms);
  auto now = kStart + 31s;
  for (int i = 0; i < 10; ++i) {
    now += *loop.resting(now) + 1s;
    crash(loop, now, 1);
  }
  EXPECT_EQ(loop.resting(now), CrashLoop::kLongestRest);
  loop.good();
  EXPECT_FALSE(loop.resting(now));
  crash(loop, now, 5);
  EXPECT_EQ(loop.resting(now), kRest);
}

TEST(FlowCache, SendsEachFlowOnce) {
  FlowCache cache;
  EXPECT_TRUE(cache.use("a").isNew);
  EXPECT_FALSE(cache.use("a").isNew);
  EXPECT_TRUE(cache.use("b").isNew);
  EXPECT_FALSE(cache.use("a").isNew);
}

TEST(FlowCache, ForgetsTheOneNotUsedLongest) {
  FlowCache cache;
  for (std::size_t i = 0; i < FlowCache::kMostFlows; ++i) {
    EXPECT_FALSE(cache.use("flow " + std::to_string(i)).evicted);
  }
  cache.use("flow 0");
  EXPECT_EQ(cache.use("one more").evicted, "flow 1");
  EXPECT_TRUE(cache.use("flow 1").isNew);
  EXPECT_FALSE(cache.use("flow 0").isNew);
}

TEST(ExitReason, NamesWhatHappened) {
  EXPECT_THAT(describeExit(SIGKILL, false, false, "", 512), testing::HasSubstr("signal 9 (SIGKILL)"));
  EXPECT_EQ(
      describeExit(SIGABRT, false, true, "1: node::OnFatalError", 512),
      "ran out of memory (512 MB for JavaScript)");
  EXPECT_EQ(describeExit(3 << 8, false, false, "boom", 512),
            "ended with exit code 3. Its last lines: boom");
  EXPECT_EQ(describeExit(0, false, false, "", 512), "ended by itself (exit code 0)");
  EXPECT_THAT(describeExit((128 + SIGSEGV) << 8, true, false, "", 512),
              testing::HasSubstr("signal 11 (SIGSEGV)"));
  EXPECT_THAT(describeExit((128 + SIGSEGV) << 8, false, false, "", 512),
              testing::HasSubstr("exit code 139"));
}

TEST(NodeBinary, ReadsVersions) {
  EXPECT_EQ(nodeMajor("v24.21.0\n"), 24);
  EXPECT_EQ(nodeMajor("v9"), std::nullopt);
  EXPECT_EQ(nodeMajor("24.1"), std::nullopt);
  EXPECT_EQ(nodeMajor(""), std::nullopt);
}

TEST(NodeBinary, NamedOneMustBeAProgram) {
  EXPECT_FALSE(findNode("/nowhere/node", "/nowhere").has_value());
  EXPECT_FALSE(findNode("node", "/nowhere").has_value());
  EXPECT_FALSE(findNode("/bin/true", "/nowhere").has_value());
}

}  // namespace
}  // namespace patchbay::runtime
