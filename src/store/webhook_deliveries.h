// System webhooks that are to be sent to one URL each, and the log of those that were (rest-api
// §26).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::store {

enum class DeliveryState : std::uint8_t { kPending, kDelivered, kFailed };  // on disk: frozen

struct WebhookDeliveryRecord {
  std::string deliveryId;  // UUID
  std::string event;       // configuration key, "WEBHOOK_FLOW_STOPPED"
  std::string url;
  std::string flowId;  // the flow it is about; empty = about none
  DeliveryState state = DeliveryState::kPending;
  std::int64_t attempts = 0;
  std::int64_t status = 0;  // HTTP status of the last attempt; 0 = no answer yet
  std::string error;        // of the last attempt, for people; empty = none
  std::int64_t created = 0, dueAt = 0, lastAttempt = 0, finished = 0;  // ms; 0 = never
  std::string payload;  // JSON; empty = erased because it held a secret
};

// A pending delivery that waits for release().
inline constexpr std::int64_t kHeld = std::numeric_limits<std::int64_t>::max();

struct WebhookDeliveryFilter {
  std::string event, url, flowId;      // empty = any
  std::optional<DeliveryState> state;  // nothing = any
};

class WebhookDeliveryTable {
 public:
  virtual ~WebhookDeliveryTable() = default;
  virtual void insert(const WebhookDeliveryRecord& record) = 0;
  virtual void update(
      const WebhookDeliveryRecord& record) = 0;  // what changes: from `state` on, but `created`
  // Held deliveries about this flow are due now.
  virtual void release(std::string_view flowId, std::int64_t dueAt) = 0;

  virtual std::optional<WebhookDeliveryRecord> byId(std::string_view deliveryId) = 0;
  // Newest first.
  virtual std::vector<WebhookDeliveryRecord> list(const WebhookDeliveryFilter& filter,
                                                  std::int64_t offset, std::int64_t limit) = 0;
  virtual std::int64_t count(const WebhookDeliveryFilter& filter) = 0;

  // URLs that have pending ones, and how many.
  virtual std::vector<std::pair<std::string, std::int64_t>> pendingByUrl() = 0;
  // Pending ones of one URL whose time has come, the earliest first.
  virtual std::vector<WebhookDeliveryRecord> due(std::string_view url, std::int64_t now,
                                                 std::int64_t limit) = 0;
  // When the next pending one is due, of those after `now`.
  virtual std::optional<std::int64_t> nextDue(std::int64_t now) = 0;
  // The oldest of those that are over, beyond the newest `keep`.
  virtual void eraseFinished(std::int64_t keep) = 0;
};

}  // namespace patchbay::store
