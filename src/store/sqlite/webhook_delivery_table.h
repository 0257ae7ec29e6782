#pragma once

#include "store/sqlite/connection.h"
#include "store/webhook_deliveries.h"

namespace patchbay::store::sqlite {

class SqliteWebhookDeliveryTable final : public WebhookDeliveryTable {
 public:
  explicit SqliteWebhookDeliveryTable(Connection& connection) : connection_(connection) {}

  void insert(const WebhookDeliveryRecord& record) override;
  void update(const WebhookDeliveryRecord& record) override;
  void release(std::string_view flowId, std::int64_t dueAt) override;
  std::optional<WebhookDeliveryRecord> byId(std::string_view deliveryId) override;
  std::vector<WebhookDeliveryRecord> list(const WebhookDeliveryFilter& filter, std::int64_t offset,
                                          std::int64_t limit) override;
  std::int64_t count(const WebhookDeliveryFilter& filter) override;
  std::vector<std::pair<std::string, std::int64_t>> pendingByUrl() override;
  std::vector<WebhookDeliveryRecord> due(std::string_view url, std::int64_t now,
                                         std::int64_t limit) override;
  std::optional<std::int64_t> nextDue(std::int64_t now) override;
  void eraseFinished(std::int64_t keep) override;

 private:
  Connection& connection_;

#define PATCHBAY_DELIVERY_COLUMNS                                                       \
  "delivery_id, event, url, flow_id, state, attempts, status, error, created, due_at, " \
  "last_attempt, finished, payload"
#define PATCHBAY_DELIVERY_FILTER                                                                \
  " WHERE (?1 = '' OR event = ?1) AND (?2 = '' OR url = ?2) AND (?3 = '' OR flow_id = ?3) AND " \
  "(?4 < 0 OR state = ?4)"
  Statement insert_{connection_, "INSERT INTO webhook_deliveries(" PATCHBAY_DELIVERY_COLUMNS
                                 ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"};
  Statement update_{
      connection_,
      "UPDATE webhook_deliveries SET state = ?, attempts = ?, status = ?, error = ?, due_at = ?, "
      "last_attempt = ?, finished = ?, payload = ? WHERE delivery_id = ?"};
  Statement release_{
      connection_,
      "UPDATE webhook_deliveries SET due_at = ? WHERE state = 0 AND due_at = ? AND flow_id = ?"};
  Statement byId_{connection_, "SELECT " PATCHBAY_DELIVERY_COLUMNS
                               " FROM webhook_deliveries WHERE delivery_id = ?"};
  Statement list_{connection_, "SELECT " PATCHBAY_DELIVERY_COLUMNS
                               " FROM webhook_deliveries" PATCHBAY_DELIVERY_FILTER
                               " ORDER BY id DESC LIMIT ?6 OFFSET ?5"};
  Statement count_{connection_, "SELECT count(*) FROM webhook_deliveries" PATCHBAY_DELIVERY_FILTER};
  Statement pendingByUrl_{connection_,
                          "SELECT url, count(*) FROM webhook_deliveries WHERE state = 0 GROUP BY url"};
  Statement due_{connection_,
                 "SELECT " PATCHBAY_DELIVERY_COLUMNS
                 " FROM webhook_deliveries WHERE state = 0 AND url = ? AND due_at <= ? "
                 "ORDER BY due_at, id LIMIT ?"};
  Statement nextDue_{
      connection_,
      "SELECT min(due_at) FROM webhook_deliveries WHERE state = 0 AND due_at > ? AND due_at < ?"};
  Statement eraseFinished_{connection_,
                           "DELETE FROM webhook_deliveries WHERE state <> 0 AND id <= (SELECT id "
                           "FROM webhook_deliveries "
                           "WHERE state <> 0 ORDER BY id DESC LIMIT 1 OFFSET ?)"};
#undef PATCHBAY_DELIVERY_FILTER
#undef PATCHBAY_DELIVERY_COLUMNS
};

}  // namespace patchbay::store::sqlite
