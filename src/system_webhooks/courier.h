// Sends what the outbox holds: whatever is due, a few at a time and few to each URL, so that a
// receiver that is slow or gone never holds up the others.
//
// Threads: a loop of its own (the executor given); begin, wake and close from any thread. It reads
// the store there, which may block.
// Delivery: at least once. An attempt counts when its outcome is committed; the end of the server
// in between repeats it. Which delivery comes first is not promised.
// A 2xx is success. What can never work (no URL, an address that may not be reached) is given up at
// once, all else is sent again (retry_schedule.h). What is over is kept in the log, the newest
// `keep`.
// Ownership: outlives the run of its loop. After close() nothing is sent any more; what is under way
// counts as not sent.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/health.h"
#include "base/random.h"
#include "outbound/client.h"
#include "store/store.h"
#include "store/webhook_deliveries.h"
#include "system_webhooks/outbox.h"
#include "system_webhooks/retry_schedule.h"

namespace patchbay::system_webhooks {

struct CourierLimits {
  std::size_t inFlight = 64;
  std::size_t inFlightPerUrl = 4;
  std::int64_t keep = 1'000;
};

class Courier {
 public:
  struct Parts {
    store::Store& store;
    Outbox& outbox;
    outbound::Client& client;
    const access::SystemConfiguration& configuration;
    const base::Clock& clock;
    base::Random& random;
    base::Executor& loop;
    base::Metrics& metrics;
  };
  Courier(Parts parts, CourierLimits limits = {});

  // Deliveries that make no sense after a restart are closed: codes of forgotten passwords died
  // with the process before. Once, before begin; blocking.
  base::Status open();
  void begin();
  void wake();
  void close();

  // Receivers that fail; for /health.
  std::optional<base::Problem> problem() const;

 private:
  using Record = store::WebhookDeliveryRecord;

  void pump();
  void pumpUrl(store::Transaction& tx, const std::string& url, std::int64_t now,
               std::vector<Record>& taken) const;
  void forgetOthers(const Outbox::Counts& pending);
  void sleepUntil(std::optional<std::int64_t> due, std::int64_t now);
  void send(Record record);
  void answered(Record record, const base::Result<outbound::Answer>& answer);
  void failed(Record& record, const base::Error& error);
  void note(const Record& record);
  void save(Record record);
  void saved(const Record& record, const base::Status& status);
  double draw();

  Parts parts_;
  const CourierLimits limits_;
  base::Counter &delivered_, &attemptsFailed_, &givenUp_;
  bool isClosed_ = false;  // the loop's, as all below
  bool pumpPosted_ = false;
  base::TimerId timer_ = 0;
  std::unordered_map<std::string, std::string> underWay_;  // delivery id → URL
  std::unordered_map<std::string, std::size_t> perUrl_;
  std::size_t finished_ = 0;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> failing_;  // URL → failures in a row; under mutex_
};

}  // namespace patchbay::system_webhooks
