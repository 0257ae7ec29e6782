#include "store/sqlite/user_table.h"

namespace patchbay::store::sqlite {

namespace {
UserRecord userOf(const Query& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}
}  // namespace

void SqliteUserTable::insert(const UserRecord& user) {
  Query(insert_)
      .bind(user.id)
      .bind(user.username)
      .bind(user.email)
      .bind(user.passwordHash)
      .bind(user.document)
      .run();
}

void SqliteUserTable::update(const UserRecord& user) {
  Query(update_)
      .bind(user.username)
      .bind(user.email)
      .bind(user.passwordHash)
      .bind(user.document)
      .bind(user.id)
      .run();
}

void SqliteUserTable::erase(std::string_view id) { Query(erase_).bind(id).run(); }

std::optional<UserRecord> SqliteUserTable::byId(std::string_view id) {
  Query query(byId_);
  query.bind(id);
  return query.next() ? std::optional(userOf(query)) : std::nullopt;
}

std::optional<UserRecord> SqliteUserTable::byLogin(std::string_view login) {
  Query query(byLogin_);
  query.bind(login);
  return query.next() ? std::optional(userOf(query)) : std::nullopt;
}

std::vector<UserRecord> SqliteUserTable::all() {
  Query query(all_);
  std::vector<UserRecord> users;
  while (query.next()) {
    users.push_back(userOf(query));
  }
  return users;
}

std::int64_t SqliteUserTable::count() {
  Query query(count_);
  return query.next() ? query.integer(0) : 0;
}

}  // namespace patchbay::store::sqlite
