#include "system_webhooks/outbox.h"

#include "access/testing_access.h"

namespace patchbay::system_webhooks {
namespace {

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() {
    EXPECT_TRUE(configuration_.load());
    for (const std::string_view key : kKeys) {
      EXPECT_TRUE(configuration_.put(std::string(key), "http://a,http://b"));
    }
  }
  std::vector<store::WebhookDeliveryRecord> rows() {
    std::vector<store::WebhookDeliveryRecord> rows;
    // The units before have committed when this one has.
    EXPECT_TRUE(store_.store->write([](store::Transaction&) { return base::Status(); }));
    EXPECT_TRUE(store_.store->read(
        [&](store::Transaction& tx) { rows = tx.webhookDeliveries().list({}, 0, 100); }));
    return rows;
  }
  static Event event(std::string_view key) { return {std::string(key), R"({"a":1})", ""}; }

  access::TestStore store_;
  access::TestClock clock_;
  base::SystemRandom random_;
  base::Metrics metrics_;
  access::SystemConfiguration configuration_{*store_.store};
  Outbox outbox_{*store_.store, configuration_, clock_, random_, metrics_, 4};
};

TEST_F(OutboxTest, OneRowPerUrlAndAWakeUpAfterTheCommit) {
  std::atomic<int> woken{0};
  outbox_.onWake([&] { ++woken; });
  outbox_.tell(event(kUserCreatedKey));
  const auto rows = this->rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NE(rows[0].deliveryId, rows[1].deliveryId);
  EXPECT_EQ(rows[0].payload, R"({"a":1})");
  EXPECT_EQ(rows[0].dueAt, clock_.millis);
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(outbox_.pending(), 2);
}

TEST_F(OutboxTest, AnEventComesAndGoesWithTheUnitOfItsCause) {
  EXPECT_FALSE(store_.store->write([&](store::Transaction& tx) -> base::Status {
    outbox_.put(tx, event(kFlowStoppedKey), store::kHeld);
    return base::fail(base::Code::kConflict, "the cause did not happen");
  }));
  EXPECT_TRUE(rows().empty());
}

TEST_F(OutboxTest, ErrorsOfComponentsAreBoundedByReceiverTheOthersAreNot) {
  outbox_.setPending({{"http://a", 3}});
  for (int i = 0; i < 3; ++i) {
    outbox_.tell(event(kComponentErrorKey));
  }
  EXPECT_EQ(rows().size(), 4U) << "one to a, which has three that wait; three to b";
  EXPECT_EQ(outbox_.dropped(), 2U);
  outbox_.tell(event(kFlowStoppedKey));
  EXPECT_EQ(rows().size(), 6U);
  outbox_.setPending({});
  outbox_.tell(event(kComponentErrorKey));
  EXPECT_EQ(rows().size(), 8U);
}

TEST_F(OutboxTest, NobodyIsToldWithoutAUrl) {
  ASSERT_TRUE(configuration_.erase(std::string(kUserCreatedKey)));
  EXPECT_FALSE(outbox_.wants(kUserCreatedKey));
  outbox_.tell(event(kUserCreatedKey));
  EXPECT_TRUE(rows().empty());
}

}  // namespace
}  // namespace patchbay::system_webhooks
