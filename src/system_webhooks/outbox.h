// Where events wait to be sent: one row per event and URL, in the store (docs/decisions/0035).
//
// Threads: safe from any thread; tell() returns at once, put() is for inside a unit.
// Delivery: an event told with tell() is in the store once its unit has committed, and units commit
// in the order submitted: submit the event first and its cause is never there without it. An event
// put into the unit of its cause comes and goes with it. Bound: of WEBHOOK_FLOW_COMPONENT_ERROR no
// more are taken while `maxPending` deliveries wait; they are counted and the server's log says so.
// The other events are bounded by what they report and are always taken. Errors: an event whose
// commit fails is counted as dropped; its cause is not touched.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "store/store.h"
#include "store/webhook_deliveries.h"
#include "system_webhooks/event.h"

namespace patchbay::system_webhooks {

class Outbox {
 public:
  static constexpr std::int64_t kMaxPending = 10'000;

  Outbox(store::Store& store, const access::SystemConfiguration& configuration,
         const base::Clock& clock, base::Random& random, base::Metrics& metrics,
         std::int64_t maxPending = kMaxPending);

  // Whether anybody is to be told: spares making a payload.
  bool wants(std::string_view key) const;
  void tell(const Event& event);
  // Inside a unit. Call wake() when it has committed. `dueAt`: 0 = now, or store::kHeld.
  void put(store::Transaction& tx, const Event& event, std::int64_t dueAt = 0);
  void wake() const;
  void onWake(std::function<void()> told) { told_ = std::move(told); }  // before the first event

  std::int64_t pending() const { return pending_.load(std::memory_order_relaxed); }
  // What the table says; the count between is an estimate.
  void setPending(std::int64_t count) { pending_.store(count, std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.value(); }
  std::int64_t maxPending() const { return maxPending_; }

  // Rows of one event to one URL; for tell, put and tests of a key.
  store::WebhookDeliveryRecord record(const Event& event, std::string url,
                                      std::int64_t dueAt = 0) const;

 private:
  std::vector<store::WebhookDeliveryRecord> records(const Event& event, std::int64_t dueAt);
  bool isFull(std::string_view key, std::size_t more);

  store::Store& store_;
  const access::SystemConfiguration& configuration_;
  const base::Clock& clock_;
  base::Random& random_;
  const std::int64_t maxPending_;
  std::function<void()> told_;
  std::atomic<std::int64_t> pending_{0};
  base::Counter& dropped_;
};

}  // namespace patchbay::system_webhooks
