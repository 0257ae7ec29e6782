#pragma once

#include "store/sqlite/connection.h"
#include "store/unprocessed.h"

namespace patchbay::store::sqlite {

class SqliteUnprocessedTable final : public UnprocessedTable {
 public:
  explicit SqliteUnprocessedTable(Connection& connection) : connection_(connection) {}

  void insert(const UnprocessedRecord& record) override;
  bool erase(std::string_view messageId) override;
  void eraseFlow(std::string_view flowId) override;
  std::optional<UnprocessedRecord> byId(std::string_view messageId) override;
  std::vector<UnprocessedRecord> list(std::string_view userId, std::string_view flowId,
                                      std::string_view correlationId, std::int64_t offset,
                                      std::int64_t limit) override;
  std::vector<UnprocessedRecord> after(std::string_view userId, std::string_view flowId, std::int64_t number,
                                       std::int64_t limit) override;
  std::int64_t lastNumber() override;
  std::int64_t count(std::string_view userId, std::string_view flowId) override;

 private:
  Connection& connection_;

#define PATCHBAY_UNPROCESSED_COLUMNS \
  "message_id, flow_id, component_id, component_type, user_id, correlation_id, created, document"
#define PATCHBAY_UNPROCESSED_ROW PATCHBAY_UNPROCESSED_COLUMNS ", rowid"
  Statement insert_{connection_,
                    "INSERT INTO unprocessed(" PATCHBAY_UNPROCESSED_COLUMNS ") VALUES(?,?,?,?,?,?,?,?)"};
  Statement erase_{connection_, "DELETE FROM unprocessed WHERE message_id = ?"};
  Statement eraseFlow_{connection_, "DELETE FROM unprocessed WHERE flow_id = ?"};
  Statement byId_{connection_,
                  "SELECT " PATCHBAY_UNPROCESSED_ROW " FROM unprocessed WHERE message_id = ?"};
  Statement after_{connection_, "SELECT " PATCHBAY_UNPROCESSED_ROW
                                " FROM unprocessed WHERE rowid > ?3 AND (?1 = '' OR user_id = ?1) AND (?2 = '' OR flow_id = ?2) "
                                "ORDER BY rowid LIMIT ?4"};
  Statement lastNumber_{connection_, "SELECT ifnull(max(rowid), 0) FROM unprocessed"};
#define PATCHBAY_UNPROCESSED_PAGE \
  " AND (?3 = '' OR correlation_id = ?3) ORDER BY created DESC, rowid DESC LIMIT ?5 OFFSET ?4"
  // Three, so that each has its index.
  Statement listFlow_{connection_, "SELECT " PATCHBAY_UNPROCESSED_ROW
                                   " FROM unprocessed WHERE flow_id = ?2 AND (?1 = '' OR user_id = "
                                   "?1)" PATCHBAY_UNPROCESSED_PAGE};
  Statement listUser_{connection_, "SELECT " PATCHBAY_UNPROCESSED_ROW
                                   " FROM unprocessed WHERE user_id = ?1 AND ?2 = ''" PATCHBAY_UNPROCESSED_PAGE};
  Statement listAll_{connection_, "SELECT " PATCHBAY_UNPROCESSED_ROW
                                  " FROM unprocessed WHERE ?1 = '' AND ?2 = ''" PATCHBAY_UNPROCESSED_PAGE};
#undef PATCHBAY_UNPROCESSED_PAGE
#undef PATCHBAY_UNPROCESSED_ROW
#undef PATCHBAY_UNPROCESSED_COLUMNS
  Statement countFlow_{connection_,
                       "SELECT count(*) FROM unprocessed WHERE flow_id = ?2 AND (?1 = '' OR user_id = ?1)"};
  Statement countUser_{connection_, "SELECT count(*) FROM unprocessed WHERE user_id = ?1 AND ?2 = ''"};
  Statement countAll_{connection_, "SELECT count(*) FROM unprocessed WHERE ?1 = '' AND ?2 = ''"};
};

}  // namespace patchbay::store::sqlite
