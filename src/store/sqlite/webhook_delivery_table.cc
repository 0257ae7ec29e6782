#include "store/sqlite/webhook_delivery_table.h"

namespace patchbay::store::sqlite {

namespace {

WebhookDeliveryRecord recordOf(const Query& row) {
  WebhookDeliveryRecord record;
  record.deliveryId = row.text(0);
  record.event = row.text(1);
  record.url = row.text(2);
  record.flowId = row.text(3);
  record.state = static_cast<DeliveryState>(row.integer(4));
  record.attempts = row.integer(5);
  record.status = row.integer(6);
  record.error = row.text(7);
  record.created = row.integer(8);
  record.dueAt = row.integer(9);
  record.lastAttempt = row.integer(10);
  record.finished = row.integer(11);
  record.payload = row.text(12);
  return record;
}

std::vector<WebhookDeliveryRecord> allOf(Query& query) {
  std::vector<WebhookDeliveryRecord> records;
  while (query.next()) {
    records.push_back(recordOf(query));
  }
  return records;
}

void bindFilter(Query& query, const WebhookDeliveryFilter& filter) {
  query.bind(filter.event)
      .bind(filter.url)
      .bind(filter.flowId)
      .bind(filter.state ? static_cast<int>(*filter.state) : -1);
}

}  // namespace

void SqliteWebhookDeliveryTable::insert(const WebhookDeliveryRecord& record) {
  Query(insert_)
      .bind(record.deliveryId)
      .bind(record.event)
      .bind(record.url)
      .bind(record.flowId)
      .bind(static_cast<int>(record.state))
      .bind(record.attempts)
      .bind(record.status)
      .bind(record.error)
      .bind(record.created)
      .bind(record.dueAt)
      .bind(record.lastAttempt)
      .bind(record.finished)
      .bind(record.payload)
      .run();
}

void SqliteWebhookDeliveryTable::update(const WebhookDeliveryRecord& record) {
  Query(update_)
      .bind(static_cast<int>(record.state))
      .bind(record.attempts)
      .bind(record.status)
      .bind(record.error)
      .bind(record.dueAt)
      .bind(record.lastAttempt)
      .bind(record.finished)
      .bind(record.payload)
      .bind(record.deliveryId)
      .run();
}

void SqliteWebhookDeliveryTable::release(std::string_view flowId, std::int64_t dueAt) {
  Query(release_).bind(dueAt).bind(kHeld).bind(flowId).run();
}

std::optional<WebhookDeliveryRecord> SqliteWebhookDeliveryTable::byId(std::string_view deliveryId) {
  Query query(byId_);
  query.bind(deliveryId);
  return query.next() ? std::optional(recordOf(query)) : std::nullopt;
}

std::vector<WebhookDeliveryRecord> SqliteWebhookDeliveryTable::list(
    const WebhookDeliveryFilter& filter, std::int64_t offset, std::int64_t limit) {
  Query query(list_);
  bindFilter(query, filter);
  query.bind(offset).bind(limit);
  return allOf(query);
}

std::int64_t SqliteWebhookDeliveryTable::count(const WebhookDeliveryFilter& filter) {
  Query query(count_);
  bindFilter(query, filter);
  return query.next() ? query.integer(0) : 0;
}

std::vector<std::pair<std::string, std::int64_t>> SqliteWebhookDeliveryTable::pendingByUrl() {
  Query query(pendingByUrl_);
  std::vector<std::pair<std::string, std::int64_t>> counts;
  while (query.next()) {
    counts.emplace_back(query.text(0), query.integer(1));
  }
  return counts;
}

std::vector<WebhookDeliveryRecord> SqliteWebhookDeliveryTable::due(std::string_view url,
                                                                   std::int64_t now,
                                                                   std::int64_t limit) {
  Query query(due_);
  query.bind(url).bind(now).bind(limit);
  return allOf(query);
}

std::optional<std::int64_t> SqliteWebhookDeliveryTable::nextDue(std::int64_t now) {
  Query query(nextDue_);
  query.bind(now).bind(kHeld);
  return query.next() && !query.isNull(0) ? std::optional(query.integer(0)) : std::nullopt;
}

void SqliteWebhookDeliveryTable::eraseFinished(std::int64_t keep) {
  Query(eraseFinished_).bind(keep).run();
}

}  // namespace patchbay::store::sqlite
