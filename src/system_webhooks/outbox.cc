#include "system_webhooks/outbox.h"

#include <bit>

#include "base/log.h"
#include "system_webhooks/addressees.h"

namespace patchbay::system_webhooks {

Outbox::Outbox(store::Store& store, const access::SystemConfiguration& configuration,
               const base::Clock& clock, base::Random& random, base::Metrics& metrics,
               std::int64_t maxPerUrl)
    : store_(store),
      configuration_(configuration),
      clock_(clock),
      random_(random),
      maxPerUrl_(maxPerUrl),
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

bool Outbox::takes(std::string_view key, const std::string& url) {
  const std::lock_guard lock(mutex_);
  std::int64_t& count = pending_[url];
  if (key != kComponentErrorKey || count < maxPerUrl_) {
    ++count;
    return true;
  }
  dropped_.add();
  const std::uint64_t dropped = dropped_.value();
  if (std::has_single_bit(dropped)) {
    spdlog::warn(
        "{} system webhooks wait for one receiver: errors of components are not reported to it "
        "until there are fewer ({} were not so far)",
        count, dropped);
  }
  return false;
}

std::int64_t Outbox::pending() const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [url, count] : pending_) {
    sum += count;
  }
  return sum;
}

void Outbox::setPending(const Counts& counts) {
  const std::lock_guard lock(mutex_);
  pending_ = {counts.begin(), counts.end()};
}

std::vector<store::WebhookDeliveryRecord> Outbox::records(const Event& event, std::int64_t dueAt) {
  std::vector<store::WebhookDeliveryRecord> records;
  for (const std::string& url : addressees(configuration_, event)) {
    if (takes(event.key, url)) {
      records.push_back(record(event, url, dueAt));
    }
  }
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
