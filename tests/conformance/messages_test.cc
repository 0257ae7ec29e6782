#include <map>

#include "store/messages.h"
#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(Messages);

namespace {

MessageRecord message(MessageId id, std::string flowId = "flow-a",
                      MessageState state = MessageState::kReady, std::int64_t dueAt = 0) {
  MessageRecord record;
  record.id = id;
  record.kind = MessageKind::kWebhook;
  record.state = state;
  record.flowId = std::move(flowId);
  record.componentId = "component";
  record.port = "in";
  record.sourceId = "source";
  record.sourcePort = "out";
  record.correlationId = "correlation";
  record.payload = id * 10;
  record.scope = R"([["c","p",1]])";
  record.extra = R"({"headers":{}})";
  record.runId = 5;
  record.trace = 1;
  record.arrivedAt = 1700000000123;
  record.dueAt = dueAt;
  record.attempts = 2;
  record.losses = 1;
  return record;
}

std::vector<MessageId> idsOf(const std::vector<MessageRecord>& messages) {
  std::vector<MessageId> ids;
  for (const MessageRecord& record : messages) {
    ids.push_back(record.id);
  }
  return ids;
}

using Ids = std::vector<MessageId>;

}  // namespace

TEST_P(Messages, EveryFieldComesBack) {
  write([](Transaction& t) { t.messages().insert(message(3, "flow-a", MessageState::kScheduled, 99)); });
  const auto found = read([](Transaction& t) { return t.messages().byId(3); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, 3);
  EXPECT_EQ(found->kind, MessageKind::kWebhook);
  EXPECT_EQ(found->state, MessageState::kScheduled);
  EXPECT_EQ(found->flowId, "flow-a");
  EXPECT_EQ(found->componentId, "component");
  EXPECT_EQ(found->port, "in");
  EXPECT_EQ(found->sourceId, "source");
  EXPECT_EQ(found->sourcePort, "out");
  EXPECT_EQ(found->correlationId, "correlation");
  EXPECT_EQ(found->payload, 30);
  EXPECT_EQ(found->scope, R"([["c","p",1]])");
  EXPECT_EQ(found->extra, R"({"headers":{}})");
  EXPECT_EQ(found->runId, 5);
  EXPECT_EQ(found->trace, 1);
  EXPECT_EQ(found->arrivedAt, 1700000000123);
  EXPECT_EQ(found->dueAt, 99);
  EXPECT_EQ(found->attempts, 2);
  EXPECT_EQ(found->losses, 1);
  EXPECT_FALSE(read([](Transaction& t) { return t.messages().byId(4); }).has_value());
}

TEST_P(Messages, EraseSettles) {
  write([](Transaction& t) {
    t.messages().insert(message(1));
    t.messages().insert(message(2));
    t.messages().erase(1);
    t.messages().erase(77);
  });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().count(); }), 1);
  EXPECT_FALSE(read([](Transaction& t) { return t.messages().byId(1); }).has_value());
}

TEST_P(Messages, ReadyAfterPagesById) {
  write([](Transaction& t) {
    for (MessageId id : {5, 1, 3, 2}) {
      t.messages().insert(message(id));
    }
    t.messages().insert(message(4, "flow-a", MessageState::kParked));
    t.messages().insert(message(6, "flow-a", MessageState::kScheduled, 10));
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().readyAfter(0, 2); })), (Ids{1, 2}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().readyAfter(2, 9); })), (Ids{3, 5}));
  EXPECT_TRUE(read([](Transaction& t) { return t.messages().readyAfter(5, 9); }).empty());
}

TEST_P(Messages, DueComesByTimeAndOnlyScheduled) {
  write([](Transaction& t) {
    t.messages().insert(message(1, "flow-a", MessageState::kScheduled, 300));
    t.messages().insert(message(2, "flow-a", MessageState::kScheduled, 100));
    t.messages().insert(message(3, "flow-a", MessageState::kScheduled, 200));
    t.messages().insert(message(4, "flow-a", MessageState::kReady, 50));
    t.messages().insert(message(5, "flow-a", MessageState::kParked, 50));
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().due(200, 9); })), (Ids{2, 3}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().due(999, 1); })), (Ids{2}));
  EXPECT_TRUE(read([](Transaction& t) { return t.messages().due(99, 9); }).empty());
  EXPECT_EQ(read([](Transaction& t) { return t.messages().nextDue(); }), 100);
}

TEST_P(Messages, NextDueIsNothingWithoutScheduledRows) {
  write([](Transaction& t) { t.messages().insert(message(1)); });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().nextDue(); }), std::nullopt);
}

TEST_P(Messages, RescheduleChangesStateDueTimeAndCounts) {
  write([](Transaction& t) { t.messages().insert(message(1)); });
  bool known = false;
  bool unknown = true;
  write([&](Transaction& t) {
    known = t.messages().reschedule(1, MessageState::kScheduled, 500, 7, 3);
    unknown = t.messages().reschedule(2, MessageState::kScheduled, 500, 7, 3);
  });
  EXPECT_TRUE(known);
  EXPECT_FALSE(unknown);
  const auto found = read([](Transaction& t) { return t.messages().byId(1); });
  EXPECT_EQ(found->state, MessageState::kScheduled);
  EXPECT_EQ(found->dueAt, 500);
  EXPECT_EQ(found->attempts, 7);
  EXPECT_EQ(found->losses, 3);
  EXPECT_EQ(found->flowId, "flow-a");
  write([](Transaction& t) { t.messages().makeReady(1); });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().readyAfter(0, 9); })), (Ids{1}));
  EXPECT_EQ(read([](Transaction& t) { return t.messages().nextDue(); }), std::nullopt);
}

TEST_P(Messages, AFlowsRowsAreItsOwn) {
  write([](Transaction& t) {
    t.messages().insert(message(1, "flow-a"));
    t.messages().insert(message(2, "flow-b"));
    t.messages().insert(message(3, "flow-a", MessageState::kScheduled, 10));
    t.messages().insert(message(4, "flow-a", MessageState::kParked));
  });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().ofFlow("flow-a"); }), (Ids{1, 3, 4}));
  std::size_t erased = 0;
  write([&](Transaction& t) { erased = t.messages().eraseFlow("flow-a"); });
  EXPECT_EQ(erased, 3u);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().count(); }), 1);
}

TEST_P(Messages, ParkingTakesAllRowsOfTheFlowAndGivesThemBackAsTheyWere) {
  write([](Transaction& t) {
    t.messages().insert(message(1, "flow-a"));
    t.messages().insert(message(2, "flow-b"));
    t.messages().insert(message(3, "flow-a", MessageState::kScheduled, 10));
    t.messages().parkFlow("flow-a");
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().readyAfter(0, 9); })), (Ids{2}));
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(1); })->state, MessageState::kParked);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(3); })->state, MessageState::kParked);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().nextDue(); }), std::nullopt);
  write([](Transaction& t) { t.messages().unparkFlow("flow-a"); });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(3); })->state, MessageState::kScheduled);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().nextDue(); }), 10);
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().readyAfter(0, 9); })), (Ids{1, 2}));
}

TEST_P(Messages, ParkedBeforeGoesByArrivalAndTimeoutsByTheirTime) {
  write([](Transaction& t) {
    const auto put = [&](MessageId id, MessageState state, MessageKind kind, std::int64_t arrivedAt, std::int64_t dueAt) {
      MessageRecord record = message(id, "flow-a", state, dueAt);
      record.kind = kind;
      record.arrivedAt = arrivedAt;
      t.messages().insert(record);
    };
    put(1, MessageState::kParked, MessageKind::kPort, 100, 0);
    put(2, MessageState::kParked, MessageKind::kWebhook, 99, 500);
    put(3, MessageState::kParked, MessageKind::kTimeout, 10, 100);
    put(4, MessageState::kParked, MessageKind::kTimeout, 10, 99);
    put(5, MessageState::kReady, MessageKind::kPort, 10, 0);
    put(6, MessageState::kScheduled, MessageKind::kPort, 10, 20);
    put(7, MessageState::kParked, MessageKind::kPort, 1, 0);
  });
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().parkedBefore(100, 9); })), (Ids{2, 4, 7}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().parkedBefore(100, 2); })), (Ids{2, 4}));
  EXPECT_EQ(idsOf(read([](Transaction& t) { return t.messages().parkedBefore(INT64_MIN, 9); })), (Ids{}));
}

TEST_P(Messages, UntriedAreScheduledWithoutAnAttemptAndNoTimeouts) {
  write([](Transaction& t) {
    const auto put = [&](MessageId id, MessageState state, MessageKind kind, std::int32_t attempts) {
      MessageRecord record = message(id, "flow-a", state, 100 - id);
      record.kind = kind;
      record.attempts = attempts;
      record.losses = 0;
      t.messages().insert(record);
    };
    put(5, MessageState::kScheduled, MessageKind::kPort, 0);
    put(4, MessageState::kScheduled, MessageKind::kWebhook, 0);
    put(3, MessageState::kScheduled, MessageKind::kPort, 1);
    put(2, MessageState::kScheduled, MessageKind::kTimeout, 0);
    put(1, MessageState::kParked, MessageKind::kPort, 0);
    MessageRecord ready = message(6);
    ready.attempts = ready.losses = 0;
    t.messages().insert(ready);
  });
  const auto untried = read([](Transaction& t) { return t.messages().untried(); });
  ASSERT_EQ(untried.size(), 3u);
  EXPECT_EQ(untried[0].id, 1);  // scheduled when its flow was parked
  EXPECT_EQ(untried[1].id, 4);
  EXPECT_EQ(untried[1].flowId, "flow-a");
  EXPECT_EQ(untried[1].componentId, "component");
  EXPECT_EQ(untried[1].dueAt, 96);
  EXPECT_EQ(untried[2].id, 5);
}

TEST_P(Messages, HasteningTouchesWhatIsScheduledForLater) {
  write([](Transaction& t) {
    t.messages().insert(message(1, "flow-a", MessageState::kScheduled, 500));
    t.messages().insert(message(2, "flow-a", MessageState::kScheduled, 100));
    t.messages().insert(message(3, "flow-a", MessageState::kParked, 500));
    const Ids ids{1, 2, 3, 4};
    t.messages().hasten(ids, 200);
  });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(1); })->dueAt, 200);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(2); })->dueAt, 100);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().byId(3); })->dueAt, 500);
}

TEST_P(Messages, OutlinesListEveryRowById) {
  write([](Transaction& t) {
    t.messages().insert(message(2, "flow-b", MessageState::kParked));
    t.messages().insert(message(1));
  });
  const auto outlines = read([](Transaction& t) { return t.messages().outlines(); });
  ASSERT_EQ(outlines.size(), 2u);
  EXPECT_EQ(outlines[0].id, 1);
  EXPECT_EQ(outlines[1].id, 2);
  EXPECT_EQ(outlines[1].trace, 1);
  EXPECT_EQ(outlines[1].flowId, "flow-b");
  EXPECT_EQ(outlines[1].state, MessageState::kParked);
  EXPECT_EQ(outlines[1].payload, 20);
  EXPECT_EQ(outlines[1].scope, R"([["c","p",1]])");
}

TEST_P(Messages, PayloadsAreKeptAsTheyCame) {
  const std::string text = "{\"a\":\"\xc3\xa9\\u0000 'quoted' \"}";
  const std::string large(3 * 1024 * 1024, 'x');
  write([&](Transaction& t) {
    t.messages().insertPayload(1, text);
    t.messages().insertPayload(2, large);
    t.messages().insertPayload(3, "");
  });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().payload(1); }), text);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().payload(2); }), large);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().payload(3); }), "");
  EXPECT_EQ(read([](Transaction& t) { return t.messages().payload(4); }), std::nullopt);
  write([](Transaction& t) {
    const std::vector<PayloadId> ids{1, 3, 99};
    t.messages().erasePayloads(ids);
  });
  EXPECT_EQ(read([](Transaction& t) { return t.messages().payloadIds(); }), (std::vector<PayloadId>{2}));
}

TEST_P(Messages, GreatestIdsNeverFall) {
  EXPECT_EQ(read([](Transaction& t) { return t.messages().maxId(); }), 0);
  EXPECT_EQ(read([](Transaction& t) { return t.messages().maxPayloadId(); }), 0);
  write([](Transaction& t) {
    t.messages().insert(message(41));
    t.messages().insertPayload(410, "1");
  });
  write([](Transaction& t) {
    t.messages().erase(41);
    const std::vector<PayloadId> ids{410};
    t.messages().erasePayloads(ids);
  });
  EXPECT_GE(read([](Transaction& t) { return t.messages().maxId(); }), 41);
  reopen();
  EXPECT_GE(read([](Transaction& t) { return t.messages().maxId(); }), 41);
  EXPECT_GE(read([](Transaction& t) { return t.messages().maxPayloadId(); }), 410);
}

TEST_P(Messages, GreatestIdsSurviveEveryBlockAndAFailedUnit) {
  const MessageId next = read([](Transaction& t) { return t.messages().maxId(); }) + 1'000'000;
  EXPECT_FALSE(store_->write([&](Transaction& t) -> base::Status {
    t.messages().insert(message(next));
    return base::fail(base::Code::kConflict, "undone");
  }));
  write([&](Transaction& t) { t.messages().insert(message(next)); });
  write([&](Transaction& t) { t.messages().erase(next); });
  write([&](Transaction& t) { t.messages().insert(message(next + 500'000)); });
  write([&](Transaction& t) { t.messages().erase(next + 500'000); });
  reopen();
  EXPECT_GE(read([](Transaction& t) { return t.messages().maxId(); }), next + 500'000);
}

}  // namespace patchbay::store
