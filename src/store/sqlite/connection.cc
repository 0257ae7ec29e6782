#include "store/sqlite/connection.h"

#include <algorithm>
#include <cerrno>
#include <vector>

namespace patchbay::store::sqlite {

namespace {

// WAL with synchronous FULL: a commit is on disk when COMMIT returns. The log is folded back every 4000 pages (16 MiB), so that
// pages the queue rewrites over and over are copied once; savepoints keep their page images in memory.
constexpr const char* kWriterSetup = R"sql(
  PRAGMA synchronous = EXTRA;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
)sql";

constexpr const char* kReaderSetup = R"sql(
  PRAGMA query_only = 1;
  PRAGMA cache_size = -8192;
  PRAGMA temp_store = MEMORY;
)sql";

constexpr sqlite3_int64 kLogPiece = 65'536;  // bytes

bool diskIsFull(sqlite3* handle, int code) {
  return (code & 0xff) == SQLITE_FULL ||
         ((code & 0xff) == SQLITE_IOERR && handle != nullptr && sqlite3_system_errno(handle) == ENOSPC);
}

StoreError::Fault faultOf(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreError::Fault::kDamage;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
      return StoreError::Fault::kDisk;
    default:
      return StoreError::Fault::kRequest;
  }
}

}  // namespace

Connection::Connection(const std::string& path, const std::string& vfs, Mode mode) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::kWriter ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
  try {
    if (code != SQLITE_OK) {
      fail(code, "opening the database");
    }
    sqlite3_busy_timeout(handle_, 10000);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (mode == Mode::kReader) {
      execute(kReaderSetup);
    }
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

void Connection::setUpWriter() {
  execute(kWriterSetup);
  writeLogAgain();
  // Shortens what the next start has to read. Where there is no room for it, the log stays, and it is on the disk.
  try {
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const StoreError& failure) {
    if (failure.code != base::Code::kDiskFull) {
      throw;
    }
  }
}

// All of the log over itself, and a sync: needs no room on the disk, and tells nobody anything new. What a failed sync of the process
// before left in the log may be readable and not on the disk: no commit may stand on it, and no page of it may get into the database,
// before the log has it.
void Connection::writeLogAgain() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) {
    return;
  }
  const auto check = [](int code) {
    if (code == SQLITE_OK) {
      return;
    }
    const bool full = (code & 0xff) == SQLITE_FULL;
    throw StoreError(full ? base::Code::kDiskFull : base::Code::kStoreFailed,
                     std::string("The database's log could not be written again (") + sqlite3_errstr(code) + ", code " +
                         std::to_string(code) + "); nothing was changed. " +
                         (full ? "Make room on the disk of the data folder and start again."
                               : "See to the disk of the data folder and start again."),
                     full ? StoreError::Fault::kRequest : StoreError::Fault::kDisk);
  };
  sqlite3_int64 size = 0;
  check(log->pMethods->xFileSize(log, &size));
  std::vector<char> piece(kLogPiece);
  for (sqlite3_int64 at = 0; at < size; at += kLogPiece) {
    const int length = static_cast<int>(std::min(kLogPiece, size - at));
    check(log->pMethods->xRead(log, piece.data(), length, at));
    check(log->pMethods->xWrite(log, piece.data(), length, at));
  }
  check(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL));
}

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(code, sql);
  }
}

std::int64_t Connection::integer(const char* sql) {
  Statement statement(*this, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

void Connection::fail(int code, const char* doing) const {
  const std::string detail = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  if (diskIsFull(handle_, code)) {
    throw StoreError(base::Code::kDiskFull,
                     "The disk of the data folder is full; nothing was changed. Make room and try again.");
  }
  const StoreError::Fault fault = faultOf(code);
  throw StoreError(base::Code::kStoreFailed,
                   "The database refused (" + detail + ", code " + std::to_string(code) + ") while " + doing +
                       "; nothing was changed." +
                       (fault == StoreError::Fault::kDamage ? " Its file is damaged: go back to the latest backup." : ""),
                   fault);
}

sqlite3_stmt* Statement::prepared() {
  if (prepared_ == nullptr) {
    const int code = sqlite3_prepare_v3(connection_.handle(), sql_, -1, SQLITE_PREPARE_PERSISTENT,
                                        &prepared_, nullptr);
    if (code != SQLITE_OK) {
      connection_.fail(code, sql_);
    }
  }
  return prepared_;
}

bool Query::next() {
  const int code = sqlite3_step(prepared_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    statement_.connection_.fail(code, statement_.sql_);
  }
  return false;
}

void Query::run() {
  while (next()) {
  }
}

std::string Query::text(int column) const {
  const auto* characters = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column));
  if (characters == nullptr) {
    return {};
  }
  return std::string(characters, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column)));
}

}  // namespace patchbay::store::sqlite
