#pragma once

#include "store/sqlite/connection.h"
#include "store/states.h"

namespace patchbay::store::sqlite {

class SqliteStateTable final : public StateTable {
 public:
  explicit SqliteStateTable(Connection& connection) : connection_(connection) {}

  std::optional<std::string> get(std::string_view owner, std::string_view key) override;
  std::vector<std::pair<std::string, std::string>> all(std::string_view owner) override;
  std::vector<std::pair<std::string, std::string>> page(std::string_view owner, std::string_view after,
                                                        std::size_t limit) override;
  void put(std::string_view owner, std::string_view key, std::string_view json) override;
  void erase(std::string_view owner, std::string_view key) override;
  void clear(std::string_view owner) override;
  void clearPrefix(std::string_view ownerPrefix) override;
  std::vector<std::string> owners(std::string_view ownerPrefix) override;

 private:
  Connection& connection_;
  Statement get_{connection_, "SELECT json FROM states WHERE owner = ? AND key = ?"};
  Statement all_{connection_, "SELECT key, json FROM states WHERE owner = ? ORDER BY key"};
  Statement page_{connection_, "SELECT key, json FROM states WHERE owner = ? AND key > ? ORDER BY key LIMIT ?"};
  Statement put_{connection_,
                 "INSERT INTO states(owner, key, json) VALUES(?,?,?) ON CONFLICT DO UPDATE SET json = "
                 "excluded.json"};
  Statement erase_{connection_, "DELETE FROM states WHERE owner = ? AND key = ?"};
  Statement clear_{connection_, "DELETE FROM states WHERE owner = ?"};
  // Owners are compared byte by byte, so all that begin with a prefix lie between it and the prefix with its last byte raised.
  Statement clearPrefix_{connection_, "DELETE FROM states WHERE owner >= ? AND owner < ?"};
  Statement owners_{connection_,
                    "SELECT DISTINCT owner FROM states WHERE owner >= ? AND owner < ? ORDER BY owner"};
};

}  // namespace patchbay::store::sqlite
