#pragma once

#include "store/files.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteFileTable final : public FileTable {
 public:
  explicit SqliteFileTable(Connection& connection) : connection_(connection) {}

  void put(const FileRecord& file) override;
  bool erase(std::string_view fileId) override;
  std::optional<FileRecord> byId(std::string_view fileId) override;
  std::vector<FileRecord> byUser(std::string_view userId) override;
  std::vector<FileRecord> all() override;

 private:
  Connection& connection_;

#define PATCHBAY_FILE_COLUMNS \
  "file_id, user_id, filename, content_type, md5, flow_id, blob, length, upload_date"
  Statement put_{connection_,
                 "INSERT OR REPLACE INTO files(" PATCHBAY_FILE_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?)"};
  Statement erase_{connection_, "DELETE FROM files WHERE file_id = ?"};
  Statement byId_{connection_, "SELECT " PATCHBAY_FILE_COLUMNS " FROM files WHERE file_id = ?"};
  Statement byUser_{connection_, "SELECT " PATCHBAY_FILE_COLUMNS
                                 " FROM files WHERE user_id = ? ORDER BY upload_date DESC, rowid DESC"};
  Statement all_{connection_,
                 "SELECT " PATCHBAY_FILE_COLUMNS " FROM files ORDER BY upload_date DESC, rowid DESC"};
#undef PATCHBAY_FILE_COLUMNS
};

}  // namespace patchbay::store::sqlite
