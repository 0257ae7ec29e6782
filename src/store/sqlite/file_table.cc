#include "store/sqlite/file_table.h"

namespace patchbay::store::sqlite {

namespace {

FileRecord fileOf(const Query& row) {
  return {row.text(0), row.text(1), row.text(2),    row.text(3),   row.text(4),
          row.text(5), row.text(6), row.integer(7), row.integer(8)};
}

std::vector<FileRecord> filesOf(Query& query) {
  std::vector<FileRecord> files;
  while (query.next()) {
    files.push_back(fileOf(query));
  }
  return files;
}

}  // namespace

void SqliteFileTable::put(const FileRecord& file) {
  Query(put_)
      .bind(file.fileId)
      .bind(file.userId)
      .bind(file.filename)
      .bind(file.contentType)
      .bind(file.md5)
      .bind(file.flowId)
      .bind(file.blob)
      .bind(file.length)
      .bind(file.uploadDate)
      .run();
}

bool SqliteFileTable::erase(std::string_view fileId) {
  Query(erase_).bind(fileId).run();
  return connection_.changes() > 0;
}

std::optional<FileRecord> SqliteFileTable::byId(std::string_view fileId) {
  Query query(byId_);
  query.bind(fileId);
  return query.next() ? std::optional(fileOf(query)) : std::nullopt;
}

std::vector<FileRecord> SqliteFileTable::byUser(std::string_view userId) {
  Query query(byUser_);
  return filesOf(query.bind(userId));
}

std::vector<FileRecord> SqliteFileTable::all() {
  Query query(all_);
  return filesOf(query);
}

}  // namespace patchbay::store::sqlite
