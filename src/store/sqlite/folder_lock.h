// Holds the data folder for one process: a flock on <folder>/lock, gone with the process however it ends.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace patchbay::store::sqlite {

class FolderLock {
 public:
  // Makes the folder (mode 0700) when missing. kConflict names the process that has it.
  static base::Result<FolderLock> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace patchbay::store::sqlite
