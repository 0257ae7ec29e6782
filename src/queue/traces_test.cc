#include "queue/traces.h"

#include <gtest/gtest.h>

namespace patchbay::queue {
namespace {

TEST(Traces, PayloadsGoWithTheLastMessage) {
  Traces traces;
  traces.enter(1, "f");
  traces.addPayload(1, 10);
  traces.enter(1, "f");
  traces.addPayload(1, 11);
  std::vector<PayloadId> ended;
  EXPECT_FALSE(traces.leave(1, ended));
  EXPECT_TRUE(ended.empty());
  EXPECT_TRUE(traces.leave(1, ended));
  EXPECT_EQ(ended, (std::vector<PayloadId>{10, 11}));
  EXPECT_EQ(traces.live(), 0);
}

TEST(Traces, ForgetsOneFlowAndKeepsOthers) {
  Traces traces;
  traces.enter(1, "a");
  traces.addPayload(1, 10);
  traces.enter(2, "b");
  std::vector<PayloadId> ended;
  EXPECT_EQ(traces.eraseFlow("a", ended), (std::vector<MessageId>{1}));
  EXPECT_EQ(ended, (std::vector<PayloadId>{10}));
  EXPECT_TRUE(traces.has(2));
  EXPECT_EQ(traces.live(), 1);
}

// S78
TEST(Traces, CountsTheMessagesOfEachFlow) {
  Traces traces;
  EXPECT_EQ(traces.largestFlow(), "");
  traces.enter(1, "a");
  traces.enter(1, "a");
  traces.enter(2, "a");
  traces.enter(3, "b");
  EXPECT_EQ(traces.liveOf("a"), 3);
  EXPECT_EQ(traces.largestFlow(), "a");
  traces.undo(2);
  std::vector<PayloadId> ended;
  traces.leave(1, ended);
  EXPECT_EQ(traces.liveOf("a"), 1);
  traces.eraseFlow("a", ended);
  EXPECT_EQ(traces.liveOf("a"), 0);
  EXPECT_EQ(traces.largestFlow(), "b");
  EXPECT_EQ(traces.flowOf(3), "b");
}

}  // namespace
}  // namespace patchbay::queue
