#pragma once

#include "store/sqlite/connection.h"
#include "store/users.h"

namespace patchbay::store::sqlite {

class SqliteUserTable final : public UserTable {
 public:
  explicit SqliteUserTable(Connection& connection) : connection_(connection) {}

  void insert(const UserRecord& user) override;
  void update(const UserRecord& user) override;
  void erase(std::string_view id) override;
  std::optional<UserRecord> byId(std::string_view id) override;
  std::optional<UserRecord> byLogin(std::string_view login) override;
  std::vector<UserRecord> all() override;
  std::int64_t count() override;

 private:
  Connection& connection_;
  Statement insert_{connection_,
                    "INSERT INTO users(id, username, email, password_hash, document) VALUES(?,?,?,?,?)"};
  Statement update_{connection_,
                    "UPDATE users SET username = ?, email = ?, password_hash = ?, document = ? WHERE id = ?"};
  Statement erase_{connection_, "DELETE FROM users WHERE id = ?"};
  Statement byId_{connection_, "SELECT id, username, email, password_hash, document FROM users WHERE id = ?"};
  // The user name wins where one user's name is another's e-mail.
  Statement byLogin_{connection_,
                     "SELECT id, username, email, password_hash, document FROM users WHERE username = ?1 OR "
                     "email = ?1 ORDER BY username <> ?1 LIMIT 1"};
  Statement all_{connection_, "SELECT id, username, email, password_hash, document FROM users ORDER BY rowid"};
  Statement count_{connection_, "SELECT count(*) FROM users"};
};

}  // namespace patchbay::store::sqlite
