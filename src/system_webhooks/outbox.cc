#include "system_webhooks/outbox.h"

#include <bit>

#include "base/log.h"
#include "system_webhooks/addressees.h"

namespace patchbay::system_webhooks {

Outbox::Outbox(store::Store& store, const access::SystemConfiguration& configuration,
               const base::Clock& clock, base::Random& random, base::Metrics& metrics,
               std::int64_t maxPending)
    : store_(store),
      configuration_(configuration),
      clock_(clock),
      random_(random),
      maxPending_(maxPending),
      dropped_(metrics.counter("patchbay_system_webhooks_dropped_total",
                               "Deliveries of system webhooks that were not taken: too many wait, "
                               "or the store refused.")) {
  metrics.gauge("patchbay_system_webhooks_pending",
                "Deliveries of system webhooks that wait to be sent.", base::ReadOn::kAnyThread,
                [this] { return static_cast<double>(pending()); });
}

bool Outbox::wants(std::string_view key) const {
  return !configuration_.list(key).empty();
}

store::WebhookDeliveryRecord Outbox::record(const Event& event, std::string url,
                                            std::int64_t dueAt) const {
  store::WebhookDeliveryRecord record;
  record.deliveryId = base::newUuid(random_);
  record.event = event.key;
  record.url = std::move(url);
  record.flowId = event.flowId;
  record.created = base::toMillis(clock_.now());
  record.dueAt = dueAt == 0 ? record.created : dueAt;
  record.payload = event.payload;
  return record;
}

bool Outbox::isFull(std::string_view key, std::size_t more) {
  if (key != kComponentErrorKey || pending() + static_cast<std::int64_t>(more) <= maxPending_) {
    return false;
  }
  const std::uint64_t before = dropped_.value();
  dropped_.add(more);
  if (before == 0 || std::bit_width(before) != std::bit_width(before + more)) {
    spdlog::warn(
        "{} deliveries of system webhooks wait: errors of components are not reported until there "
        "are fewer ({} were not so far)",
        pending(), before + more);
  }
  return true;
}

std::vector<store::WebhookDeliveryRecord> Outbox::records(const Event& event, std::int64_t dueAt) {
  const std::vector<std::string> urls = addressees(configuration_, event);
  std::vector<store::WebhookDeliveryRecord> records;
  if (urls.empty() || isFull(event.key, urls.size())) {
    return records;
  }
  for (const std::string& url : urls) {
    records.push_back(record(event, url, dueAt));
  }
  pending_.fetch_add(static_cast<std::int64_t>(records.size()), std::memory_order_relaxed);
  return records;
}

void Outbox::put(store::Transaction& tx, const Event& event, std::int64_t dueAt) {
  for (const store::WebhookDeliveryRecord& record : records(event, dueAt)) {
    tx.webhookDeliveries().insert(record);
  }
}

void Outbox::tell(const Event& event) {
  auto records = this->records(event, 0);
  if (records.empty()) {
    return;
  }
  const std::size_t count = records.size();
  store_.submit(
      [records = std::move(records)](store::Transaction& tx) {
        for (const store::WebhookDeliveryRecord& record : records) {
          tx.webhookDeliveries().insert(record);
        }
        return base::Status();
      },
      [this, count](const base::Status& status) {
        if (status) {
          wake();
          return;
        }
        pending_.fetch_sub(static_cast<std::int64_t>(count), std::memory_order_relaxed);
        dropped_.add(count);
        spdlog::error("a system webhook could not be stored and is not sent: {}",
                      status.error().message);
      });
}

void Outbox::wake() const {
  if (told_) {
    told_();
  }
}

}  // namespace patchbay::system_webhooks
