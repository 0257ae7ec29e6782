#include "store/sqlite/setting_table.h"

namespace patchbay::store::sqlite {

std::optional<std::string> SqliteSettingTable::get(std::string_view kind, std::string_view name) {
  Query query(get_);
  query.bind(kind).bind(name);
  return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

void SqliteSettingTable::put(std::string_view kind, std::string_view name, std::string_view json) {
  Query(put_).bind(kind).bind(name).bind(json).run();
}

bool SqliteSettingTable::erase(std::string_view kind, std::string_view name) {
  Query(erase_).bind(kind).bind(name).run();
  return connection_.changes() > 0;
}

std::vector<std::pair<std::string, std::string>> SqliteSettingTable::all(std::string_view kind) {
  Query query(all_);
  query.bind(kind);
  std::vector<std::pair<std::string, std::string>> settings;
  while (query.next()) {
    settings.emplace_back(query.text(0), query.text(1));
  }
  return settings;
}

}  // namespace patchbay::store::sqlite
