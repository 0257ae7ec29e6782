// Thin RAII over SQLite's C interface: a connection, a statement prepared once, one execution of it.
//
// Threads: a connection and all that hangs on it belong to one thread at a time.
// Errors: StoreError (kDiskFull when the disk has no room, else kStoreFailed).
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "store/store.h"

namespace patchbay::store::sqlite {

enum class Mode : std::uint8_t { kWriter, kReader };

class Connection {
 public:
  Connection(const std::string& path, const std::string& vfs, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Journal, durability and caches of a writer; apart from opening, so that a file that is not ours is left as it is.
  void setUpWriter();
  sqlite3* handle() const { return handle_; }
  void execute(const char* sql);  // one or more statements without parameters
  std::int64_t integer(const char* sql);  // first column of the first row; 0 without one
  std::int64_t changes() const { return sqlite3_changes64(handle_); }
  bool inTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  [[noreturn]] void fail(int code, const char* doing) const;

 private:
  void writeLogAgain();

  sqlite3* handle_ = nullptr;
};

// Prepared at first use, kept for the life of the connection.
class Statement {
 public:
  Statement(Connection& connection, const char* sql) : connection_(connection), sql_(sql) {}
  ~Statement() { sqlite3_finalize(prepared_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

 private:
  friend class Query;
  sqlite3_stmt* prepared();

  Connection& connection_;
  const char* sql_;
  sqlite3_stmt* prepared_ = nullptr;
};

// One execution. Parameters are bound in order and not copied: they must outlive the Query.
class Query {
 public:
  explicit Query(Statement& statement)
      : statement_(statement), prepared_(statement.prepared()) {}
  ~Query() { sqlite3_reset(prepared_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::string_view text) {
    bound(sqlite3_bind_text64(prepared_, ++parameter_, text.data() == nullptr ? "" : text.data(),
                              text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
  }
  template <std::integral Number>
  Query& bind(Number number) {
    bound(sqlite3_bind_int64(prepared_, ++parameter_, static_cast<sqlite3_int64>(number)));
    return *this;
  }

  bool next();  // true: a row stands ready
  void run();   // a statement without rows

  std::int64_t integer(int column) const { return sqlite3_column_int64(prepared_, column); }
  double real(int column) const { return sqlite3_column_double(prepared_, column); }
  std::string text(int column) const;
  bool isNull(int column) const {
    return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
  }

 private:
  void bound(int code) {
    if (code != SQLITE_OK) {
      statement_.connection_.fail(code, "binding a value");
    }
  }

  Statement& statement_;
  sqlite3_stmt* prepared_;
  int parameter_ = 0;
};

}  // namespace patchbay::store::sqlite
