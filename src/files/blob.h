// One file on disk below the data folder: <folder>/<first two characters>/<name>. Written once, then read in pieces.
//
// Threads: a BlobWriter belongs to one thread at a time; the free functions are safe from any thread.
// Errors: kDiskFull, kStoreFailed. Names are 32 lowercase hex characters that we made; nothing else becomes part of a path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::files {

bool isBlobName(std::string_view name);
std::filesystem::path blobPath(const std::filesystem::path& folder, std::string_view name);

class BlobWriter {
 public:
  static base::Result<std::unique_ptr<BlobWriter>> open(const std::filesystem::path& folder, std::string name);
  ~BlobWriter();  // without finish(): removes what was written
  BlobWriter(const BlobWriter&) = delete;
  BlobWriter& operator=(const BlobWriter&) = delete;

  base::Status append(std::string_view bytes);
  // On disk, and its name too, when this returns. The digest is MD5, as hex.
  base::Result<std::string> finish();
  // After finish: the row that names it could not be stored.
  void discard();

  const std::string& name() const { return name_; }
  std::int64_t length() const { return length_; }

 private:
  class Digest;
  BlobWriter(std::filesystem::path path, std::string name, int descriptor);

  const std::filesystem::path path_;
  const std::string name_;
  int descriptor_;
  bool kept_ = false;
  std::int64_t length_ = 0;
  std::unique_ptr<Digest> digest_;
};

// At most `length` bytes from `offset`; fewer at the end.
base::Result<std::string> readBlob(const std::filesystem::path& folder, std::string_view name, std::int64_t offset,
                                   std::size_t length);
void removeBlob(const std::filesystem::path& folder, std::string_view name);

}  // namespace patchbay::files
