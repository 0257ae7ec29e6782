// Where events wait to be sent: one row per event and URL, in the store (docs/decisions/0035).
//
// Threads: safe from any thread; tell() returns at once, put() is for inside a unit.
// Delivery: an event told with tell() is in the store once its unit has committed, and units commit
// in the order submitted: submit the event first and its cause is never there without it. An event
// put into the unit of its cause comes and goes with it.
// Bound: of WEBHOOK_FLOW_COMPONENT_ERROR no more are taken for a URL while `maxPerUrl` deliveries to
// it wait; they are counted and the server's log says so. The other events are bounded by what they
// report and are always taken.
// Errors: an event whose commit fails is counted as dropped; its cause is not touched.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
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
  static constexpr std::int64_t kMaxPerUrl = 5'000;

  Outbox(store::Store& store, const access::SystemConfiguration& configuration,
         const base::Clock& clock, base::Random& random, base::Metrics& metrics,
         std::int64_t maxPerUrl = kMaxPerUrl);

  // Whether anybody is to be told: spares making a payload.
  bool wants(std::string_view key) const;
  void tell(const Event& event);
  // Inside a unit. Call wake() when it has committed. `dueAt`: 0 = now, or store::kHeld.
  void put(store::Transaction& tx, const Event& event, std::int64_t dueAt = 0);
  void wake() const;
  void onWake(std::function<void()> told) { told_ = std::move(told); }  // before the first event

  using Counts = std::vector<std::pair<std::string, std::int64_t>>;  // by URL
  std::int64_t pending() const;
  // What the table says; the counts between are estimates.
  void setPending(const Counts& counts);
  std::uint64_t dropped() const { return dropped_.value(); }

  // Rows of one event to one URL; for tell, put and tests of a key.
  store::WebhookDeliveryRecord record(const Event& event, std::string url,
                                      std::int64_t dueAt = 0) const;

 private:
  std::vector<store::WebhookDeliveryRecord> records(const Event& event, std::int64_t dueAt);
  // Counts one delivery more, or one that is dropped.
  bool takes(std::string_view key, const std::string& url);

  store::Store& store_;
  const access::SystemConfiguration& configuration_;
  const base::Clock& clock_;
  base::Random& random_;
  const std::int64_t maxPerUrl_;
  std::function<void()> told_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> pending_;  // by URL; under mutex_
  base::Counter& dropped_;
};

}  // namespace patchbay::system_webhooks
