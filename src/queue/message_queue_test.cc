#include "queue/message_queue.h"

#include <stdlib.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/asio_executor.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::queue {
namespace {

class MessageQueueTest : public testing::Test, QueueListener {
 protected:
  MessageQueueTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "patchbay-queue-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    open();
  }
  ~MessageQueueTest() override {
    close();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store::SqliteOptions options;
    options.folder = folder_;
    store_ = std::move(*store::openSqlite(options));
    QueueOptions small;
    small.memoryMessages = 6;
    small.laneMessages = 4;
    small.maxInFlight = 2;
    queue_.emplace(*store_, loop_, small);
    queue_->setListener(*this);
    EXPECT_TRUE(queue_->open());
  }
  void close() {
    queue_.reset();
    store_.reset();
  }

  MessagePtr newMessage(const std::string& flow) {
    auto message = std::make_shared<Message>();
    message->id = message->trace = queue_->reserveId();
    message->flowId = flow;
    message->componentId = "c";
    message->port = "in";
    message->payload = queue_->makePayload("{}");
    message->scope = std::make_shared<const Scope>();
    return message;
  }

  // One that may come unstored comes so.
  MessagePtr offer(const std::string& flow) {
    MessagePtr message = newMessage(flow);
    EXPECT_TRUE(loop_.runUntil([&] { return queue_->mayOffer(*message); }, base::Millis(10'000)));
    queue_->offer(message);
    return message;
  }

  std::optional<store::MessageRecord> row(MessageId id) {
    std::optional<store::MessageRecord> row;
    EXPECT_TRUE(store_->read([&](store::Transaction& tx) { row = tx.messages().byId(id); }));
    return row;
  }
  std::size_t payloads() {
    std::size_t count = 0;
    EXPECT_TRUE(store_->read([&](store::Transaction& tx) { count = tx.messages().payloadIds().size(); }));
    return count;
  }
  void awaitStored(const MessagePtr& message) {
    EXPECT_TRUE(loop_.runUntil([&] { return message->arrival == nullptr; }, base::Millis(10'000)));
  }

  void enqueue(const std::string& flow, int count) {
    int stored = 0;
    for (int i = 0; i < count; ++i) {
      const MessagePtr message = newMessage(flow);
      queue_->enqueue({{message}, {message->payload}}, {}, [&](const base::Status& status) { stored += status ? 1 : 0; });
    }
    ASSERT_TRUE(loop_.runUntil([&] { return stored == count; }, base::Millis(10'000)));
  }

  // Claims and settles all there is of the flows the gate lets through, and gives their ids.
  std::vector<MessageId> settleAll(const std::string& blocked = "") {
    const Gate gate = [&](const Message& message, std::string& waitsFor) {
      waitsFor = "blocked";
      return message.flowId != blocked;
    };
    std::vector<MessageId> ids;
    for (;;) {
      std::size_t settled = 0;
      std::size_t claimed = 0;
      while (MessagePtr message = queue_->claim(gate)) {
        ids.push_back(message->id);
        ++claimed;
        queue_->settle(std::move(message), {}, {}, [&](const base::Status&) { ++settled; });
      }
      if (claimed == 0) {
        return ids;
      }
      EXPECT_TRUE(loop_.runUntil([&] { return settled == claimed && groupsAreOver(); }, base::Millis(10'000)));
    }
  }
  // Work posted before this has run.
  bool groupsAreOver() {
    if (!posted_) {
      posted_ = true;
      over_ = false;
      loop_.post([this] { over_ = true; });
    }
    posted_ = posted_ && !over_;
    return over_;
  }

  void onReady() override {}
  void onTraceEnded(MessageId) override {}
  void onScheduled(std::int64_t) override {}

  std::filesystem::path folder_;
  base::AsioExecutor loop_;
  std::unique_ptr<store::Store> store_;
  std::optional<MessageQueue> queue_;
  bool posted_ = false;
  bool over_ = false;
};

std::vector<MessageId> numbers(MessageId first, MessageId last) {
  std::vector<MessageId> ids;
  for (MessageId id = first; id <= last; ++id) {
    ids.push_back(id);
  }
  return ids;
}

TEST_F(MessageQueueTest, NoArrivalHasAnIdThatARestartCouldGiveAgain) {
  offer("a");
  Emission large;
  for (MessageId n = 0; n < store::kIdsAhead; ++n) {
    large.messages.push_back(newMessage("b"));
    large.messages.back()->dueAt = 1;
  }
  large.payloads = {large.messages.front()->payload};
  for (const MessagePtr& message : large.messages) {
    message->payload = large.payloads.front();
  }
  bool stored = false;
  queue_->enqueue(std::move(large), {}, [&](const base::Status& status) { stored = status.has_value(); });
  const MessagePtr next = newMessage("c");
  EXPECT_FALSE(queue_->mayOffer(*next));
  ASSERT_TRUE(loop_.runUntil([&] { return stored; }, base::Millis(60'000)));
  EXPECT_TRUE(queue_->mayOffer(*next));
}

// S78
TEST_F(MessageQueueTest, AFlowWithMoreThanTheMemoryHoldsKeepsNobodyElseWaiting) {
  const MessageId before = queue_->reserveId();
  enqueue("stuck", 20);
  enqueue("works", 20);
  EXPECT_EQ(settleAll("stuck"), numbers(before + 21, before + 40)) << "all of them, in order";
  queue_->unblock("blocked");
  EXPECT_EQ(settleAll(), numbers(before + 1, before + 20));
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, AStartFindsAllAndKeepsTheOrder) {
  const MessageId before = queue_->reserveId();
  enqueue("stuck", 20);
  enqueue("works", 20);
  close();
  open();
  EXPECT_EQ(settleAll("stuck"), numbers(before + 21, before + 40));
  enqueue("works", 1);
  EXPECT_EQ(settleAll("stuck").size(), 1u);
  queue_->unblock("blocked");
  EXPECT_EQ(settleAll(), numbers(before + 1, before + 20));
}

const Gate kOpen = [](const Message&, std::string&) { return true; };

TEST_F(MessageQueueTest, AnArrivalIsClaimableAtOnceAndSettledWithoutARow) {
  const MessagePtr arrival = offer("f");
  ASSERT_EQ(queue_->claim(kOpen), arrival);
  const MessagePtr child = newMessage("f");
  child->trace = arrival->id;
  queue_->settle(arrival, {{child}, {child->payload}}, {}, {});
  bool told = false;
  queue_->whenStored(arrival, [&] { told = row(child->id).has_value(); });
  EXPECT_FALSE(told) << "not before the commit";
  awaitStored(arrival);
  EXPECT_TRUE(told);
  EXPECT_FALSE(row(arrival->id));
  EXPECT_EQ(payloads(), 1u);
  EXPECT_EQ(settleAll(), std::vector<MessageId>{child->id});
  EXPECT_EQ(payloads(), 0u);
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, WhatAnArrivalSendsIsClaimableWhileTheirCommitIsOnItsWay) {
  const MessagePtr arrival = offer("f");
  ASSERT_EQ(queue_->claim(kOpen), arrival);
  Emission sent;
  for (int n = 0; n < 3; ++n) {
    sent.messages.push_back(newMessage("f"));
    sent.messages.back()->trace = arrival->id;
    sent.messages.back()->componentId = "next";
    sent.payloads.push_back(sent.messages.back()->payload);
  }
  const std::vector<MessagePtr> children = sent.messages;
  queue_->settle(arrival, std::move(sent), {}, {});
  EXPECT_EQ(queue_->claim(kOpen), children[0]);
  EXPECT_EQ(queue_->claim(kOpen), children[1]);
  EXPECT_EQ(queue_->claim(kOpen), nullptr) << "only as many as may be called now";
  bool told = false;
  queue_->whenStored(children[0], [&] { told = row(children[2]->id).has_value(); });
  EXPECT_FALSE(told) << "not before the commit";
  queue_->settle(children[0], {}, {}, {});
  queue_->release(children[1]);
  awaitStored(children[0]);
  EXPECT_TRUE(told);
  EXPECT_EQ(settleAll(), (std::vector<MessageId>{children[1]->id, children[2]->id}));
  EXPECT_EQ(payloads(), 0u);
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, ADroppedFlowLeavesNoRowOfWhatItsArrivalsSent) {
  const MessagePtr arrival = offer("f");
  ASSERT_EQ(queue_->claim(kOpen), arrival);
  const MessagePtr called = newMessage("f"), waits = newMessage("f");
  called->trace = waits->trace = arrival->id;
  queue_->settle(arrival, {{called, waits}, {called->payload, waits->payload}}, {}, {});
  ASSERT_EQ(queue_->claim(kOpen), called);
  bool dropped = false;
  queue_->dropFlow("f", {}, [&](const base::Status&) { dropped = true; });
  queue_->abandon(called);
  EXPECT_TRUE(loop_.runUntil([&] { return dropped; }, base::Millis(10'000)));
  EXPECT_FALSE(row(called->id) || row(waits->id));
  EXPECT_EQ(settleAll(), std::vector<MessageId>{});
  EXPECT_EQ(payloads(), 0u);
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, AnArrivalThatWaitsIsStored) {
  const MessagePtr arrival = offer("f");
  awaitStored(arrival);
  ASSERT_TRUE(row(arrival->id));
  close();
  open();
  EXPECT_EQ(settleAll(), std::vector<MessageId>{arrival->id});
  EXPECT_EQ(payloads(), 0u);
}

TEST_F(MessageQueueTest, AnArrivalIsStoredBeforeItsNextAttempt) {
  const MessagePtr arrival = offer("f");
  ASSERT_EQ(queue_->claim(kOpen), arrival);
  arrival->attempts = 1;
  arrival->dueAt = 4'000'000'000'000;
  bool told = false;
  queue_->whenStored(arrival, [&] { told = true; });
  queue_->delay(arrival, {});
  awaitStored(arrival);
  EXPECT_TRUE(told);
  ASSERT_TRUE(row(arrival->id));
  EXPECT_EQ(row(arrival->id)->attempts, 1);
  EXPECT_EQ(row(arrival->id)->state, store::MessageState::kScheduled);
}

TEST_F(MessageQueueTest, ADroppedFlowLeavesNoRowOfItsArrivals) {
  const MessagePtr waits = offer("f");
  const MessagePtr other = offer("other");
  bool dropped = false;
  queue_->dropFlow("f", {}, [&](const base::Status&) { dropped = true; });
  EXPECT_TRUE(loop_.runUntil([&] { return dropped; }, base::Millis(10'000)));
  EXPECT_EQ(waits->arrival, nullptr) << "whoever waits for it is told";
  EXPECT_FALSE(row(waits->id));
  EXPECT_EQ(settleAll(), std::vector<MessageId>{other->id});
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, NothingArrivesAheadOfWhatWaits) {
  enqueue("f", 5);
  EXPECT_FALSE(queue_->mayOffer(*newMessage("f"))) << "its lane is full";
  EXPECT_TRUE(queue_->mayOffer(*newMessage("other")));
}

TEST_F(MessageQueueTest, TheIdOfAnArrivalIsNeverGivenAgain) {
  const MessagePtr arrival = offer("f");
  ASSERT_EQ(queue_->claim(kOpen), arrival);
  close();
  open();
  EXPECT_GT(queue_->reserveId(), arrival->id);
}

// While a commit is on its way, the place of its message is taken by the next one.
TEST_F(MessageQueueTest, ACallThatIsOverLeavesItsPlace) {
  enqueue("f", 4);
  std::vector<MessagePtr> claimed;
  while (MessagePtr message = queue_->claim(kOpen)) {
    claimed.push_back(std::move(message));
  }
  ASSERT_EQ(claimed.size(), 2u) << "as many as may run";
  for (MessagePtr& message : claimed) {
    queue_->settle(std::move(message), {}, {}, {});
  }
  EXPECT_NE(queue_->claim(kOpen), nullptr);
  EXPECT_EQ(queue_->inFlight("f"), 3u);
}

}  // namespace
}  // namespace patchbay::queue
