// The users' files (rest-api §13, component-runtime §8.3): rows in the store, bytes as blobs below the data folder.
//
// A file appears whole or not at all: the blob is on disk before its row is committed, and replacing content is a new blob under the same
// id. A blob without a row (a crash, an upload cut off) is removed when the server starts.
// Threads: FileStore is safe from any thread but the engine loop and the commit thread (it waits for the disk); a FileWriter belongs to one
// thread at a time. Ownership: the store must outlive this, this must outlive its writers; a writer that is dropped leaves nothing.
// Errors: kNotFound for a file that is absent or another user's, kConflict for an id that is taken, kInvalid, kTooLarge, kDiskFull.
// Memory: pieces only; nothing here holds a whole file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "files/blob.h"
#include "store/files.h"
#include "store/store.h"

namespace patchbay::files {

struct FileStoreOptions {
  std::int64_t maxFileBytes = std::int64_t{5} << 30;
};

struct NewFile {
  std::string userId;
  std::string fileId;       // UUID; empty = a new one
  std::string filename;     // kept as text, never part of a path
  std::string contentType;  // empty = by the name
  std::string flowId;       // origin; may be empty
  // True: `fileId` names a file of the user whose content is replaced; empty name and type stay as they were.
  bool replace = false;
};

class FileStore;

class FileWriter {
 public:
  base::Status append(std::string_view bytes);
  // Once. The file as others see it from now on.
  base::Result<store::FileRecord> commit();
  // As it would be if committed now.
  store::FileRecord record() const;

 private:
  friend class FileStore;
  FileWriter(FileStore& files, store::FileRecord record, bool replace, std::unique_ptr<BlobWriter> blob)
      : files_(files), record_(std::move(record)), replace_(replace), blob_(std::move(blob)) {}

  FileStore& files_;
  store::FileRecord record_;
  const bool replace_;
  std::unique_ptr<BlobWriter> blob_;
};

class FileStore {
 public:
  // Makes the folder when missing and sweeps it.
  static base::Result<std::unique_ptr<FileStore>> open(std::filesystem::path folder, store::Store& store,
                                                       base::Random& random, const base::Clock& clock,
                                                       FileStoreOptions options = {});

  base::Result<std::unique_ptr<FileWriter>> create(NewFile file);
  base::Result<store::FileRecord> info(const std::string& userId, const std::string& fileId);
  base::Result<std::vector<store::FileRecord>> list(const std::string& userId);  // newest first
  // At most `length` bytes from `offset`; empty beyond the end.
  base::Result<std::string> read(const std::string& userId, const std::string& fileId, std::int64_t offset,
                                 std::size_t length);
  // The same of a record at hand: its content even if the file has been replaced, as long as it is there.
  base::Result<std::string> read(const store::FileRecord& record, std::int64_t offset, std::size_t length);
  base::Status remove(const std::string& userId, const std::string& fileId);
  base::Status removeAllOf(const std::string& userId);

 private:
  friend class FileWriter;
  FileStore(std::filesystem::path folder, store::Store& store, base::Random& random, const base::Clock& clock,
            FileStoreOptions options)
      : folder_(std::move(folder)), store_(store), random_(random), clock_(clock), options_(options) {}

  base::Status sweep();
  base::Result<store::FileRecord> recordFor(const NewFile& file);
  base::Result<store::FileRecord> keep(store::FileRecord record, bool replace);

  const std::filesystem::path folder_;
  store::Store& store_;
  base::Random& random_;
  const base::Clock& clock_;
  const FileStoreOptions options_;
};

// The file object of rest-api §13.
boost::json::object wireFile(const store::FileRecord& record);
// UUID, or the 24 hex characters of older files.
bool isFileId(std::string_view text);

}  // namespace patchbay::files
