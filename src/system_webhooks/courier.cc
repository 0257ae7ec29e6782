#include "system_webhooks/courier.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "system_webhooks/addressees.h"

namespace patchbay::system_webhooks {

namespace {

constexpr std::size_t kEraseEvery =
    50;  // finished deliveries between two looks at the log's length
constexpr base::Millis kStoreRetry{1'000};  // after a commit or a read that failed
constexpr std::size_t kMaxErrorBytes = 500;
constexpr std::int64_t kFailuresThatCount = 3;  // in a row, until /health speaks of a receiver
constexpr std::size_t kMaxFailing = 1'000;
constexpr std::int64_t kMostCodes = 100'000;

// A flow of a server like this one takes the message and answers at once, instead of when the flow
// has run.
std::string addressOf(const std::string& url) {
  if (flowOf(url).empty() || url.find("enqueueOnly=") != std::string::npos) {
    return url;
  }
  const std::string path = url.substr(0, url.find('#'));
  return path + (path.find('?') == std::string::npos ? "?" : "&") + "enqueueOnly=true";
}

std::string cut(std::string text) {
  if (text.size() <= kMaxErrorBytes) {
    return text;
  }
  std::size_t end = kMaxErrorBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  text.resize(end);
  return text;
}

base::Status refusal(const outbound::Answer& answer) {
  if (answer.status >= 200 && answer.status < 300) {
    return {};
  }
  const bool redirect = answer.status >= 300 && answer.status < 400;
  return base::fail(base::Code::kUnavailable,
                    "The receiver answered " + std::to_string(answer.status) +
                        (redirect ? ": redirects are not followed, enter the final URL." : "."));
}

}  // namespace

Courier::Courier(Parts parts, CourierLimits limits)
    : parts_(parts),
      limits_(limits),
      delivered_(parts.metrics.counter("patchbay_system_webhooks_attempts_total",
                                       "Attempts to deliver a system webhook, by outcome.",
                                       {{"outcome", "delivered"}})),
      attemptsFailed_(parts.metrics.counter("patchbay_system_webhooks_attempts_total",
                                            "Attempts to deliver a system webhook, by outcome.",
                                            {{"outcome", "failed"}})),
      givenUp_(parts.metrics.counter("patchbay_system_webhooks_given_up_total",
                                     "Deliveries of system webhooks that were given up.")) {
  parts_.outbox.onWake([this] { wake(); });
}

base::Status Courier::open() {
  Outbox::Counts pending;
  base::Status status = parts_.store.write([&](store::Transaction& tx) {
    store::WebhookDeliveryFilter codes;
    codes.event = kForgotPasswordKey;
    codes.state = store::DeliveryState::kPending;
    for (Record& record : tx.webhookDeliveries().list(codes, 0, kMostCodes)) {
      record.state = store::DeliveryState::kFailed;
      record.error =
          "The server was started anew, which voids the code. The user has to ask again.";
      record.finished = base::toMillis(parts_.clock.now());
      record.payload.clear();
      tx.webhookDeliveries().update(record);
    }
    pending = tx.webhookDeliveries().pendingByUrl();
    return base::Status();
  });
  parts_.outbox.setPending(pending);
  return status;
}

void Courier::begin() {
  wake();
}

void Courier::wake() {
  parts_.loop.post([this] {
    if (!isClosed_ && !pumpPosted_) {
      pumpPosted_ = true;
      parts_.loop.post([this] {
        pumpPosted_ = false;
        pump();
      });
    }
  });
}

void Courier::close() {
  parts_.loop.post([this] {
    isClosed_ = true;
    parts_.loop.cancel(timer_);
  });
}

void Courier::pump() {
  if (isClosed_) {
    return;
  }
  const std::int64_t now = base::toMillis(parts_.clock.now());
  std::vector<Record> taken;
  std::optional<std::int64_t> next;
  const base::Status status = parts_.store.read([&](store::Transaction& tx) {
    const Outbox::Counts pending = tx.webhookDeliveries().pendingByUrl();
    parts_.outbox.setPending(pending);
    forgetOthers(pending);
    for (const auto& [url, count] : pending) {
      pumpUrl(tx, url, now, taken);
    }
    next = tx.webhookDeliveries().nextDue(now);
  });
  if (!status) {
    spdlog::error("system webhooks that wait could not be read: {}", status.error().message);
    next = now + kStoreRetry.count();
  }
  sleepUntil(next, now);
  for (Record& record : taken) {
    send(std::move(record));
  }
}

// What is under way may still stand in the table as due: more are read than are taken.
void Courier::pumpUrl(store::Transaction& tx, const std::string& url, std::int64_t now,
                      std::vector<Record>& taken) const {
  const auto found = perUrl_.find(url);
  std::size_t busy = found == perUrl_.end() ? 0 : found->second;
  if (busy >= limits_.inFlightPerUrl) {
    return;
  }
  for (Record& record : tx.webhookDeliveries().due(
           url, now, static_cast<std::int64_t>(2 * limits_.inFlightPerUrl))) {
    if (busy >= limits_.inFlightPerUrl || underWay_.size() + taken.size() >= limits_.inFlight) {
      return;
    }
    if (!underWay_.contains(record.deliveryId)) {
      taken.push_back(std::move(record));
      ++busy;
    }
  }
}

// Nothing waits for a receiver any more: it fails no more.
void Courier::forgetOthers(const Outbox::Counts& pending) {
  const std::lock_guard lock(mutex_);
  std::erase_if(failing_, [&](const auto& entry) {
    return std::find_if(pending.begin(), pending.end(), [&](const auto& one) {
             return one.first == entry.first;
           }) == pending.end();
  });
}

void Courier::sleepUntil(std::optional<std::int64_t> due, std::int64_t now) {
  parts_.loop.cancel(timer_);
  timer_ = due ? parts_.loop.after(base::Millis(*due - now), [this] { pump(); }) : 0;
}

void Courier::send(Record record) {
  underWay_[record.deliveryId] = record.url;
  ++perUrl_[record.url];
  outbound::Request request;
  request.url = addressOf(record.url);
  request.headers = {"Content-Type: application/json; charset=utf-8",
                     "X-Patchbay-Event: " + record.event,
                     "X-Patchbay-Delivery: " + record.deliveryId};
  request.body = record.payload;
  auto told = [this, record = std::move(record)](base::Result<outbound::Answer> answer) mutable {
    parts_.loop.post([this, record = std::move(record), answer = std::move(answer)]() mutable {
      answered(std::move(record), answer);
    });
  };
  parts_.client.post(std::move(request), std::move(told));
}

void Courier::answered(Record record, const base::Result<outbound::Answer>& answer) {
  if (isClosed_) {
    return;  // the next server sends it again
  }
  record.attempts += 1;
  record.lastAttempt = base::toMillis(parts_.clock.now());
  record.status = answer ? answer->status : 0;
  record.error.clear();
  const base::Status status = answer ? refusal(*answer) : base::Status(answer.error());
  if (status) {
    record.state = store::DeliveryState::kDelivered;
    delivered_.add();
  } else {
    failed(record, status.error());
  }
  if (record.state != store::DeliveryState::kPending) {
    record.finished = record.lastAttempt;
    if (isSecret(record.event)) {
      record.payload.clear();
    }
  }
  note(record);
  save(std::move(record));
}

void Courier::failed(Record& record, const base::Error& error) {
  attemptsFailed_.add();
  record.error = cut(error.message);
  const bool never = error.code == base::Code::kInvalid || error.code == base::Code::kForbidden;
  const auto delay = never
                         ? std::nullopt
                         : RetrySchedule::read(parts_.configuration).next(record.attempts, draw());
  if (delay) {
    record.dueAt = record.lastAttempt + delay->count();
    return;
  }
  record.state = store::DeliveryState::kFailed;
  givenUp_.add();
  spdlog::warn("system webhook {} (delivery {}) was given up after {} attempts: {}", record.event,
               record.deliveryId, record.attempts, record.error);
}

void Courier::note(const Record& record) {
  const std::lock_guard lock(mutex_);
  if (record.state == store::DeliveryState::kDelivered) {
    failing_.erase(record.url);
  } else if (failing_.size() < kMaxFailing || failing_.contains(record.url)) {
    ++failing_[record.url];
  }
}

void Courier::save(Record record) {
  const bool erases =
      record.state != store::DeliveryState::kPending && ++finished_ % kEraseEvery == 0;
  parts_.store.submit(
      [record, erases, keep = limits_.keep](store::Transaction& tx) {
        tx.webhookDeliveries().update(record);
        if (erases) {
          tx.webhookDeliveries().eraseFinished(keep);
        }
        return base::Status();
      },
      [this, record](base::Status status) {
        parts_.loop.post([this, record, status = std::move(status)] { saved(record, status); });
      });
}

// Until its outcome is stored a delivery stays under way: it would be due again.
void Courier::saved(const Record& record, const base::Status& status) {
  if (!status) {
    spdlog::error("the outcome of delivery {} could not be stored: {}", record.deliveryId,
                  status.error().message);
    parts_.loop.after(kStoreRetry, [this, record] {
      if (!isClosed_) {
        save(record);
      }
    });
    return;
  }
  underWay_.erase(record.deliveryId);
  if (--perUrl_[record.url] == 0) {
    perUrl_.erase(record.url);
  }
  wake();
}

std::optional<base::Problem> Courier::problem() const {
  std::size_t receivers = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [url, failures] : failing_) {
      receivers += failures >= kFailuresThatCount ? 1 : 0;
    }
  }
  if (receivers == 0) {
    return std::nullopt;
  }
  return base::Problem{"SYSTEM_WEBHOOKS_FAILING",
                       "System webhooks do not reach " + std::to_string(receivers) +
                           (receivers == 1 ? " receiver; " : " receivers; ") +
                           std::to_string(parts_.outbox.pending()) +
                           " deliveries wait and are sent again. GET "
                           "/system-webhooks/deliveries?state=pending says why.",
                       false};
}

double Courier::draw() {
  std::array<std::uint8_t, 2> bytes{};
  parts_.random.fill(bytes);
  return (bytes[0] * 256.0 + bytes[1]) / 65536.0;
}

}  // namespace patchbay::system_webhooks
