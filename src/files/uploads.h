// Uploads in several requests (rest-api §13): keeps the writers of files whose chunks are still coming.
//
// Threads: safe from any thread; one chunk of an upload at a time (kConflict otherwise). An upload without a chunk for an hour is dropped,
// and so are all when the server stops: the client begins again.
// Errors: kInvalid for a chunk out of order, kNotFound for an unknown upload, kTooMany beyond 20 open uploads of one user.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "files/file_store.h"

namespace patchbay::files {

struct Chunk {
  std::string userId;
  std::string fileId;    // of the upload; empty with the first chunk of a new file
  std::string filename;  // of the first chunk
  std::string contentType;
  std::int64_t number = 1;  // from 1
  std::int64_t total = 1;
  std::string_view bytes;
};

class Uploads {
 public:
  // Both must outlive this.
  Uploads(FileStore& files, const base::Clock& clock) : files_(files), clock_(clock) {}

  // The file so far; after the last chunk it is stored.
  base::Result<store::FileRecord> add(const Chunk& chunk);

 private:
  struct Upload {
    std::string userId;
    std::unique_ptr<FileWriter> writer;  // null while a chunk is being written
    std::int64_t next = 1;
    std::int64_t total = 1;
    base::Time touched;
  };
  base::Result<Upload> begin(const Chunk& chunk);
  base::Result<Upload> resume(const Chunk& chunk);
  void dropStale();

  FileStore& files_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Upload> uploads_;  // by file id
};

}  // namespace patchbay::files
