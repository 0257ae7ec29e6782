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

}  // namespace
}  // namespace patchbay::queue
