#include "system_webhooks/samples.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::system_webhooks {
namespace {

TEST(Samples, EachKeyHasOneThatIsMarked) {
  for (const std::string_view key : kKeys) {
    const auto event = sample(key, "2026-03-01T08:00:00.000Z");
    ASSERT_TRUE(event) << key;
    EXPECT_EQ(event->key, key);
    EXPECT_TRUE(json::getBool(json::parseOwn(event->payload).as_object(), "test")) << key;
  }
}

TEST(Samples, OtherKeysAreRefusedByName) {
  const auto event = sample("JWTSecret", "");
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, base::Code::kInvalid);
  EXPECT_NE(event.error().message.find("WEBHOOK_FLOW_STOPPED"), std::string::npos);
}

}  // namespace
}  // namespace patchbay::system_webhooks
