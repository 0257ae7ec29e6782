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
    queue_.emplace(*store_, loop_, small);
    queue_->setListener(*this);
    EXPECT_TRUE(queue_->open());
  }
  void close() {
    queue_.reset();
    store_.reset();
  }

  void enqueue(const std::string& flow, int count) {
    int stored = 0;
    for (int i = 0; i < count; ++i) {
      auto message = std::make_shared<Message>();
      message->id = message->trace = queue_->reserveId();
      message->flowId = flow;
      message->componentId = "c";
      message->port = "in";
      message->payload = queue_->makePayload("{}");
      message->scope = std::make_shared<const Scope>();
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

// S78
TEST_F(MessageQueueTest, AFlowWithMoreThanTheMemoryHoldsKeepsNobodyElseWaiting) {
  enqueue("stuck", 20);
  enqueue("works", 20);
  EXPECT_EQ(settleAll("stuck"), numbers(21, 40)) << "all of them, in order";
  queue_->unblock("blocked");
  EXPECT_EQ(settleAll(), numbers(1, 20));
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(MessageQueueTest, AStartFindsAllAndKeepsTheOrder) {
  enqueue("stuck", 20);
  enqueue("works", 20);
  close();
  open();
  EXPECT_EQ(settleAll("stuck"), numbers(21, 40));
  enqueue("works", 1);
  EXPECT_EQ(settleAll("stuck").size(), 1u);
  queue_->unblock("blocked");
  EXPECT_EQ(settleAll(), numbers(1, 20));
}

}  // namespace
}  // namespace patchbay::queue
