#pragma once

#include "store/settings.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteSettingTable final : public SettingTable {
 public:
  explicit SqliteSettingTable(Connection& connection) : connection_(connection) {}

  std::optional<std::string> get(std::string_view kind, std::string_view name) override;
  void put(std::string_view kind, std::string_view name, std::string_view json) override;
  bool erase(std::string_view kind, std::string_view name) override;
  std::vector<std::pair<std::string, std::string>> all(std::string_view kind) override;

 private:
  Connection& connection_;
  Statement get_{connection_, "SELECT json FROM settings WHERE kind = ? AND name = ?"};
  Statement put_{connection_,
                 "INSERT INTO settings(kind, name, json) VALUES(?,?,?) ON CONFLICT DO UPDATE SET json = "
                 "excluded.json"};
  Statement erase_{connection_, "DELETE FROM settings WHERE kind = ? AND name = ?"};
  Statement all_{connection_, "SELECT name, json FROM settings WHERE kind = ? ORDER BY name"};
};

}  // namespace patchbay::store::sqlite
