#include "system_webhooks/deliveries.h"

#include "base/json.h"
#include "system_webhooks/addressees.h"
#include "system_webhooks/samples.h"

namespace patchbay::system_webhooks {

namespace {

using Record = store::WebhookDeliveryRecord;

std::string_view stateText(store::DeliveryState state) {
  switch (state) {
    case store::DeliveryState::kPending:
      return "pending";
    case store::DeliveryState::kDelivered:
      return "delivered";
    case store::DeliveryState::kFailed:
      return "failed";
  }
  return "pending";
}

json::value timeOf(std::int64_t millis) {
  return millis == 0 ? json::value(nullptr) : json::value(base::toIso(base::fromMillis(millis)));
}

json::object viewOf(const Record& record) {
  const bool pending = record.state == store::DeliveryState::kPending;
  return {{"id", record.deliveryId},
          {"event", record.event},
          {"url", record.url},
          {"flowId", record.flowId.empty() ? json::value(nullptr) : json::value(record.flowId)},
          {"state", stateText(record.state)},
          {"attempts", record.attempts},
          {"status", record.status == 0 ? json::value(nullptr) : json::value(record.status)},
          {"lastError", record.error.empty() ? json::value(nullptr) : json::value(record.error)},
          {"created", timeOf(record.created)},
          {"lastAttempt", timeOf(record.lastAttempt)},
          {"nextAttempt",
           pending && record.dueAt != store::kHeld ? timeOf(record.dueAt) : json::value(nullptr)},
          {"finished", timeOf(record.finished)}};
}

json::value payloadOf(const Record& record) {
  return record.payload.empty() || isSecret(record.event) ? json::value(nullptr)
                                                          : json::parseOwn(record.payload);
}

base::Error notFound(const std::string& deliveryId) {
  return base::fail(base::Code::kNotFound,
                    "Delivery " + deliveryId + " was not found. Old ones go from the log.");
}

}  // namespace

base::Result<store::DeliveryState> Deliveries::stateOf(std::string_view text) {
  for (const auto state : {store::DeliveryState::kPending, store::DeliveryState::kDelivered,
                           store::DeliveryState::kFailed}) {
    if (text == stateText(state)) {
      return state;
    }
  }
  return base::fail(base::Code::kInvalid, "\"state\" must be pending, delivered or failed.");
}

base::Result<json::array> Deliveries::list(const store::WebhookDeliveryFilter& filter,
                                           std::int64_t offset, std::int64_t limit) {
  json::array views;
  const base::Status status = store_.read([&](store::Transaction& tx) {
    for (const Record& record : tx.webhookDeliveries().list(filter, offset, limit)) {
      views.emplace_back(viewOf(record));
    }
  });
  return status ? base::Result<json::array>(std::move(views))
                : base::Result<json::array>(status.error());
}

base::Result<std::int64_t> Deliveries::count(const store::WebhookDeliveryFilter& filter) {
  std::int64_t count = 0;
  const base::Status status =
      store_.read([&](store::Transaction& tx) { count = tx.webhookDeliveries().count(filter); });
  return status ? base::Result<std::int64_t>(count) : base::Result<std::int64_t>(status.error());
}

base::Result<json::object> Deliveries::one(const std::string& deliveryId) {
  std::optional<Record> record;
  const base::Status status = store_.read(
      [&](store::Transaction& tx) { record = tx.webhookDeliveries().byId(deliveryId); });
  if (!status) {
    return status.error();
  }
  if (!record) {
    return notFound(deliveryId);
  }
  json::object view = viewOf(*record);
  view["payload"] = payloadOf(*record);
  return view;
}

base::Result<json::object> Deliveries::sendAgain(const std::string& deliveryId) {
  const std::int64_t now = base::toMillis(clock_.now());
  json::object view;
  const base::Status status = store_.write([&](store::Transaction& tx) -> base::Status {
    auto record = tx.webhookDeliveries().byId(deliveryId);
    if (!record) {
      return notFound(deliveryId);
    }
    if (record->payload.empty()) {
      return base::fail(base::Code::kConflict,
                        "What this delivery sent was a secret and has been erased. Nothing was "
                        "changed; the user has to ask again.");
    }
    record->state = store::DeliveryState::kPending;
    record->attempts = 0;
    record->dueAt = now;
    record->finished = 0;
    tx.webhookDeliveries().update(*record);
    view = viewOf(*record);
    return {};
  });
  if (!status) {
    return status.error();
  }
  outbox_.wake();
  return view;
}

base::Result<json::array> Deliveries::test(const std::string& key) {
  auto event = sample(key, base::toIso(clock_.now()));
  if (!event) {
    return event.error();
  }
  std::vector<Record> records;
  for (const std::string& url : addressees(configuration_, *event)) {
    records.push_back(outbox_.record(*event, url));
  }
  if (records.empty()) {
    return base::fail(base::Code::kConflict,
                      key + " names no URL. Nothing was sent: set it first with POST /config.");
  }
  const base::Status status = store_.write([&](store::Transaction& tx) {
    for (const Record& record : records) {
      tx.webhookDeliveries().insert(record);
    }
    return base::Status();
  });
  if (!status) {
    return status.error();
  }
  outbox_.wake();
  json::array views;
  for (const Record& record : records) {
    views.emplace_back(viewOf(record));
  }
  return views;
}

}  // namespace patchbay::system_webhooks
