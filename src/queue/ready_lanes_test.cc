#include "queue/ready_lanes.h"

#include <gtest/gtest.h>

namespace patchbay::queue {
namespace {

MessagePtr messageOf(const std::string& flow, const std::string& component, MessageId id) {
  auto message = std::make_shared<Message>();
  message->id = id;
  message->flowId = flow;
  message->componentId = component;
  message->scope = std::make_shared<const Scope>();
  return message;
}

const Gate kOpen = [](const Message&, std::string&) { return true; };

std::vector<MessageId> claimAll(ReadyLanes& lanes, const Gate& gate = kOpen) {
  std::vector<MessageId> ids;
  while (MessagePtr message = lanes.claim(gate)) {
    ids.push_back(message->id);
  }
  return ids;
}

TEST(ReadyLanes, OffersOneInstancesMessagesInTheOrderQueued) {
  ReadyLanes lanes(50, 500);
  for (MessageId id = 1; id <= 5; ++id) {
    lanes.push(messageOf("f", "c", id));
  }
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 2, 3, 4, 5}));
  EXPECT_EQ(lanes.size(), 0u);
}

TEST(ReadyLanes, TakesTurnsBetweenFlows) {
  ReadyLanes lanes(50, 500);
  for (MessageId id = 1; id <= 3; ++id) {
    lanes.push(messageOf("busy", "c", id));
  }
  lanes.push(messageOf("other", "c", 10));
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 10, 2, 3}));
}

// S78
TEST(ReadyLanes, TenThousandThatFailAtOnceStandBeforeNobodyElse) {
  ReadyLanes lanes(50, 500);
  for (MessageId id = 1; id <= 10'000; ++id) {
    lanes.push(messageOf("broken", "c", id));
  }
  for (MessageId other = 20'001; other <= 20'100; ++other) {
    const MessagePtr failed = lanes.claim(kOpen);
    lanes.finish(*failed);
    lanes.push(messageOf("broken", "c", failed->id));  // tried again
    lanes.push(messageOf("other", "c", other));
    const std::vector<MessageId> next{lanes.claim(kOpen)->id, lanes.claim(kOpen)->id};
    EXPECT_TRUE(next[0] == other || next[1] == other) << next[0] << " " << next[1];
    for (const MessageId id : next) {
      lanes.finish(*messageOf(id == other ? "other" : "broken", "c", id));
    }
  }
}

TEST(ReadyLanes, KeepsToTheLimitOfDeliveriesOfOneInstance) {
  ReadyLanes lanes(2, 500);
  const auto first = messageOf("f", "c", 1);
  lanes.push(first);
  lanes.push(messageOf("f", "c", 2));
  lanes.push(messageOf("f", "c", 3));
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 2}));
  EXPECT_EQ(lanes.inFlight("f"), 2u);
  lanes.finish(*first);
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{3}));
}

TEST(ReadyLanes, ABlockedLaneDoesNotHoldUpOthersAndComesBackWhenUnblocked) {
  ReadyLanes lanes(50, 500);
  lanes.push(messageOf("slow", "c", 1));
  lanes.push(messageOf("quick", "c", 2));
  const Gate gate = [](const Message& message, std::string& waitsFor) {
    waitsFor = "worker";
    return message.flowId != "slow";
  };
  EXPECT_EQ(claimAll(lanes, gate), (std::vector<MessageId>{2}));
  lanes.push(messageOf("slow", "c", 3));
  EXPECT_EQ(claimAll(lanes, kOpen), (std::vector<MessageId>{}));
  lanes.unblock("another worker");
  EXPECT_FALSE(lanes.hasWork());
  lanes.unblock("worker");
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 3}));
}

TEST(ReadyLanes, AStopDoesNotWaitBehindMessagesThatWaitForItsEnd) {
  ReadyLanes lanes(1, 500);
  const Gate updating = [](const Message& message, std::string& waitsFor) {
    waitsFor = "the end of the update";
    return message.wake == Wake::kStop;
  };
  const auto underWay = messageOf("f", "c", 1);
  lanes.push(underWay);
  ASSERT_EQ(claimAll(lanes), (std::vector<MessageId>{1}));
  lanes.push(messageOf("f", "c", 2));
  lanes.finish(*underWay);
  EXPECT_EQ(claimAll(lanes, updating), (std::vector<MessageId>{}));
  const auto stop = messageOf("f", "c", 0);
  stop->wake = Wake::kStop;
  lanes.push(stop);
  EXPECT_EQ(claimAll(lanes, updating), (std::vector<MessageId>{0}));
  lanes.finish(*stop);
  lanes.unblock("the end of the update");
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{2}));
}

TEST(ReadyLanes, AReleasedMessageIsNextInItsLane) {
  ReadyLanes lanes(50, 500);
  lanes.push(messageOf("f", "c", 1));
  lanes.push(messageOf("f", "c", 2));
  MessagePtr first = lanes.claim(kOpen);
  lanes.finish(*first);
  lanes.pushFront(first);
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 2}));
}

TEST(ReadyLanes, TakesOutAFlowAndLeavesTheRest) {
  ReadyLanes lanes(50, 500);
  lanes.push(messageOf("a", "c", 1));
  lanes.push(messageOf("a", "d", 2));
  lanes.push(messageOf("b", "c", 3));
  EXPECT_EQ(lanes.takeFlow("a").size(), 2u);
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{3}));
}

// S78
TEST(ReadyLanes, ALaneThatDoesNotMoveTakesNoMemoryFromOthersAndKeepsItsOrder) {
  ReadyLanes lanes(50, 4);
  bool full = false;
  const auto load = [](const std::vector<MessageId>& ids) {
    std::vector<MessagePtr> messages;
    for (const MessageId id : ids) {
      messages.push_back(messageOf("slow", "c", id));
    }
    return std::optional(messages);
  };
  const auto refill = [&] { return lanes.refill([&] { return full; }, load); };
  for (MessageId id = 1; id <= 10; ++id) {
    EXPECT_EQ(lanes.add(messageOf("slow", "c", id), true), id <= 4) << id;
  }
  EXPECT_TRUE(refill());
  EXPECT_EQ(lanes.size(), 4u) << "it has not run low";
  EXPECT_TRUE(lanes.add(messageOf("quick", "c", 20), true));
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{1, 20, 2, 3, 4}));
  full = true;
  EXPECT_TRUE(refill());
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{5})) << "also in a full memory a lane goes on, one at a time";
  full = false;
  EXPECT_FALSE(lanes.refill([] { return false; }, [](const auto&) { return std::nullopt; })) << "what cannot be read stays";
  EXPECT_TRUE(refill());
  EXPECT_EQ(lanes.size(), 4u);
  EXPECT_EQ(lanes.takeFlow("slow"), (std::vector<MessageId>{6, 7, 8, 9, 10}));
  EXPECT_TRUE(refill());
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{}));
}

TEST(ReadyLanes, WhatIsGoneWhenItsTurnComesDoesNotStopThoseBehindIt) {
  ReadyLanes lanes(50, 2);
  for (MessageId id = 1; id <= 6; ++id) {
    lanes.pushId("f", "c", id);
  }
  const auto load = [](const std::vector<MessageId>& ids) {
    std::vector<MessagePtr> messages;
    for (const MessageId id : ids) {
      if (id == 6) {
        messages.push_back(messageOf("f", "c", id));
      }
    }
    return std::optional(messages);
  };
  EXPECT_TRUE(lanes.refill([] { return false; }, load));
  EXPECT_EQ(claimAll(lanes), (std::vector<MessageId>{6}));
}

}  // namespace
}  // namespace patchbay::queue
