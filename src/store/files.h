// Metadata of users' files (rest-api §13); the bytes live in the data folder, see files/file_store.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct FileRecord {
  std::string fileId;
  std::string userId;
  std::string filename;
  std::string contentType;
  std::string md5;        // hex
  std::string flowId;     // origin, may be empty
  std::string blob;       // name of the file on disk; changes when the content is replaced
  std::int64_t length = 0;
  std::int64_t uploadDate = 0;  // ms
};

class FileTable {
 public:
  virtual ~FileTable() = default;
  virtual void put(const FileRecord& file) = 0;
  virtual bool erase(std::string_view fileId) = 0;
  virtual std::optional<FileRecord> byId(std::string_view fileId) = 0;
  virtual std::vector<FileRecord> byUser(std::string_view userId) = 0;  // newest first
  virtual std::vector<FileRecord> all() = 0;
};

}  // namespace patchbay::store
