// System webhooks on their way: what is due, what is held, what the log keeps.

#include "store/webhook_deliveries.h"

#include "store_factory.h"

namespace patchbay::store {

PATCHBAY_STORE_SUITE(WebhookDeliveries);

namespace {

using Texts = std::vector<std::string>;
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

WebhookDeliveryRecord delivery(std::string id, std::string url, std::int64_t dueAt,
                               std::string flowId = "f1") {
  WebhookDeliveryRecord record;
  record.deliveryId = std::move(id);
  record.event = "WEBHOOK_FLOW_STOPPED";
  record.url = std::move(url);
  record.flowId = std::move(flowId);
  record.created = 1;
  record.dueAt = dueAt;
  record.payload = R"({"a":1})";
  return record;
}

Texts idsOf(const std::vector<WebhookDeliveryRecord>& records) {
  Texts ids;
  for (const WebhookDeliveryRecord& record : records) {
    ids.push_back(record.deliveryId);
  }
  return ids;
}

}  // namespace

TEST_P(WebhookDeliveries, WhatIsDueComesByUrlTheEarliestFirst) {
  write([](Transaction& t) {
    t.webhookDeliveries().insert(delivery("a", "http://one", 30));
    t.webhookDeliveries().insert(delivery("b", "http://one", 10));
    t.webhookDeliveries().insert(delivery("c", "http://two", 20));
    t.webhookDeliveries().insert(delivery("d", "http://one", 99));
  });
  EXPECT_EQ(read([](Transaction& t) { return t.webhookDeliveries().pendingByUrl(); }),
            (Counts{{"http://one", 3}, {"http://two", 1}}));
  EXPECT_EQ(
      read([](Transaction& t) { return idsOf(t.webhookDeliveries().due("http://one", 30, 10)); }),
      (Texts{"b", "a"}));
  EXPECT_EQ(
      read([](Transaction& t) { return idsOf(t.webhookDeliveries().due("http://one", 30, 1)); }),
      Texts{"b"});
  EXPECT_EQ(read([](Transaction& t) { return t.webhookDeliveries().nextDue(30); }), 99);
  EXPECT_EQ(read([](Transaction& t) { return t.webhookDeliveries().nextDue(99); }), std::nullopt);
}

TEST_P(WebhookDeliveries, HeldOnesWaitForTheirFlowsRelease) {
  write([](Transaction& t) {
    t.webhookDeliveries().insert(delivery("a", "u", kHeld, "f1"));
    t.webhookDeliveries().insert(delivery("b", "u", kHeld, "f2"));
  });
  EXPECT_EQ(read([](Transaction& t) { return t.webhookDeliveries().nextDue(0); }), std::nullopt);
  write([](Transaction& t) { t.webhookDeliveries().release("f1", 7); });
  EXPECT_EQ(read([](Transaction& t) { return idsOf(t.webhookDeliveries().due("u", 7, 10)); }),
            Texts{"a"});
}

TEST_P(WebhookDeliveries, AnUpdateKeepsWhatWasSentAndSaysWhatBecameOfIt) {
  write([](Transaction& t) { t.webhookDeliveries().insert(delivery("a", "u", 5)); });
  write([](Transaction& t) {
    auto record = *t.webhookDeliveries().byId("a");
    record.state = DeliveryState::kFailed;
    record.attempts = 3;
    record.status = 500;
    record.error = "no";
    record.lastAttempt = 8;
    record.finished = 9;
    record.payload.clear();
    t.webhookDeliveries().update(record);
  });
  reopen();
  const auto record = read([](Transaction& t) { return t.webhookDeliveries().byId("a"); });
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, DeliveryState::kFailed);
  EXPECT_EQ(record->attempts, 3);
  EXPECT_EQ(record->status, 500);
  EXPECT_EQ(record->error, "no");
  EXPECT_EQ(record->url, "u");
  EXPECT_EQ(record->created, 1);
  EXPECT_EQ(record->lastAttempt, 8);
  EXPECT_EQ(record->finished, 9);
  EXPECT_EQ(record->payload, "");
  EXPECT_EQ(read([](Transaction& t) { return t.webhookDeliveries().pendingByUrl(); }), Counts{});
}

TEST_P(WebhookDeliveries, TheListIsFilteredAndPagedNewestFirst) {
  write([](Transaction& t) {
    t.webhookDeliveries().insert(delivery("a", "u", 1, "f1"));
    t.webhookDeliveries().insert(delivery("b", "v", 1, "f2"));
    auto other = delivery("c", "u", 1, "f2");
    other.event = "WEBHOOK_USER_CREATED";
    other.state = DeliveryState::kDelivered;
    t.webhookDeliveries().insert(other);
  });
  const auto list = [this](const WebhookDeliveryFilter& filter, std::int64_t offset = 0,
                           std::int64_t limit = 10) {
    return read(
        [&](Transaction& t) { return idsOf(t.webhookDeliveries().list(filter, offset, limit)); });
  };
  EXPECT_EQ(list({}), (Texts{"c", "b", "a"}));
  EXPECT_EQ(list({}, 1, 1), Texts{"b"});
  EXPECT_EQ(list({"WEBHOOK_USER_CREATED", "", "", {}}), Texts{"c"});
  EXPECT_EQ(list({"", "u", "", {}}), (Texts{"c", "a"}));
  EXPECT_EQ(list({"", "", "f2", {}}), (Texts{"c", "b"}));
  EXPECT_EQ(list({"", "", "", DeliveryState::kPending}), (Texts{"b", "a"}));
  EXPECT_EQ(read([](Transaction& t) {
              return t.webhookDeliveries().count({"", "", "f2", {}});
            }),
            2);
}

TEST_P(WebhookDeliveries, TheLogKeepsTheNewestAndAllThatArePending) {
  write([](Transaction& t) {
    for (int i = 0; i < 6; ++i) {
      auto record = delivery(std::to_string(i), "u", 1);
      record.state = i == 0 ? DeliveryState::kPending : DeliveryState::kDelivered;
      t.webhookDeliveries().insert(record);
    }
    t.webhookDeliveries().eraseFinished(2);
  });
  EXPECT_EQ(read([](Transaction& t) { return idsOf(t.webhookDeliveries().list({}, 0, 10)); }),
            (Texts{"5", "4", "0"}));
}

}  // namespace patchbay::store
