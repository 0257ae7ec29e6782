// The log of deliveries as administrators see it: list, one, send again, test of a key.
//
// Threads: safe from any thread; everything blocks on the store.
// Errors: kNotFound; kInvalid names the field; kConflict: what was sent is no longer known, or the
// key names no URL.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"
#include "store/webhook_deliveries.h"
#include "system_webhooks/outbox.h"

namespace patchbay::system_webhooks {

class Deliveries {
 public:
  Deliveries(store::Store& store, Outbox& outbox, const access::SystemConfiguration& configuration,
             const base::Clock& clock)
      : store_(store), outbox_(outbox), configuration_(configuration), clock_(clock) {}

  // Newest first, without payloads.
  base::Result<boost::json::array> list(const store::WebhookDeliveryFilter& filter,
                                        std::int64_t offset, std::int64_t limit);
  base::Result<std::int64_t> count(const store::WebhookDeliveryFilter& filter);
  // With the payload, unless it is a secret.
  base::Result<boost::json::object> one(const std::string& deliveryId);
  // Due at once, with all its tries before it.
  base::Result<boost::json::object> sendAgain(const std::string& deliveryId);
  // A sample to each URL of the key; the deliveries.
  base::Result<boost::json::array> test(const std::string& key);

  // "pending", "delivered", "failed". kInvalid.
  static base::Result<store::DeliveryState> stateOf(std::string_view text);

 private:
  store::Store& store_;
  Outbox& outbox_;
  const access::SystemConfiguration& configuration_;
  const base::Clock& clock_;
};

}  // namespace patchbay::system_webhooks
