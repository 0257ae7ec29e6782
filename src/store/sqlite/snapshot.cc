#include "store/sqlite/snapshot.h"

#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

namespace {

constexpr int kAllPages = -1;  // in one step, so of one moment

void copyPages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) {
    to.fail(sqlite3_errcode(to.handle()), "copying the database");
  }
  const int step = sqlite3_backup_step(backup, kAllPages);
  const int end = sqlite3_backup_finish(backup);
  if (step != SQLITE_DONE || end != SQLITE_OK) {
    to.fail(end != SQLITE_OK ? end : step, "copying the database");
  }
}

base::Status lookThrough(Connection& copy) {
  Statement statement(copy, "PRAGMA quick_check(1)");
  Query query(statement);
  const std::string found = query.next() ? query.text(0) : "nothing was answered";
  return found == "ok" ? base::Status() : base::fail(base::Code::kStoreFailed, "The database is damaged: " + found);
}

}  // namespace

base::Status snapshot(const std::filesystem::path& database, const std::filesystem::path& copy) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(database, ignored)) {
    return base::fail(base::Code::kNotFound, "There is no database " + database.string() + ".");
  }
  try {
    Connection from(database.string(), "", Mode::kReader);
    sqlite3_db_config(from.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    Connection to(copy.string(), "", Mode::kWriter);
    copyPages(from, to);
    return lookThrough(to);
  } catch (const StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
}

}  // namespace patchbay::store::sqlite
