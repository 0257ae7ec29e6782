#pragma once

#include "store/accounts.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteAccountTable final : public AccountTable {
 public:
  explicit SqliteAccountTable(Connection& connection) : connection_(connection) {}

  void put(const AccountRecord& account) override;
  bool erase(std::string_view accountId) override;
  std::optional<AccountRecord> byId(std::string_view accountId) override;
  std::vector<AccountRecord> byUser(std::string_view userId) override;

  void assign(const AssignmentRecord& assignment) override;
  void unassign(std::string_view flowId, std::string_view componentId) override;
  void unassignFlow(std::string_view flowId) override;
  std::vector<AssignmentRecord> ofFlow(std::string_view flowId) override;
  std::vector<AssignmentRecord> ofAccount(std::string_view accountId) override;

 private:
  Connection& connection_;

#define PATCHBAY_ACCOUNT_COLUMNS \
  "account_id, token_id, user_id, service, name, display_name, profile, sealed, invalid, created"
  // Not INSERT OR REPLACE: a changed account keeps its place in the order created.
  Statement put_{connection_,
                 "INSERT INTO accounts(" PATCHBAY_ACCOUNT_COLUMNS
                 ") VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(account_id) DO UPDATE SET token_id = excluded.token_id, "
                 "user_id = excluded.user_id, service = excluded.service, name = excluded.name, display_name = "
                 "excluded.display_name, profile = excluded.profile, sealed = excluded.sealed, invalid = "
                 "excluded.invalid, created = excluded.created"};
  Statement erase_{connection_, "DELETE FROM accounts WHERE account_id = ?"};
  Statement byId_{connection_, "SELECT " PATCHBAY_ACCOUNT_COLUMNS " FROM accounts WHERE account_id = ?"};
  Statement byUser_{connection_,
                    "SELECT " PATCHBAY_ACCOUNT_COLUMNS " FROM accounts WHERE user_id = ? ORDER BY rowid"};
#undef PATCHBAY_ACCOUNT_COLUMNS
  Statement assign_{connection_,
                    "INSERT OR REPLACE INTO assignments(flow_id, component_id, account_id) VALUES(?,?,?)"};
  Statement unassign_{connection_, "DELETE FROM assignments WHERE flow_id = ? AND component_id = ?"};
  Statement unassignFlow_{connection_, "DELETE FROM assignments WHERE flow_id = ?"};
  Statement unassignAccount_{connection_, "DELETE FROM assignments WHERE account_id = ?"};
  Statement ofFlow_{connection_,
                    "SELECT flow_id, component_id, account_id FROM assignments WHERE flow_id = ?"};
  Statement ofAccount_{connection_,
                       "SELECT flow_id, component_id, account_id FROM assignments WHERE account_id = ?"};
};

}  // namespace patchbay::store::sqlite
