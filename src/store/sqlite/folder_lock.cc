#include "store/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace patchbay::store::sqlite {

namespace {

base::Code codeOf(int error) {
  return error == ENOSPC || error == EDQUOT ? base::Code::kDiskFull : base::Code::kStoreFailed;
}

std::string holder(int descriptor) {
  char text[32] = {};
  const ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
  const std::string pid(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  return pid.empty() ? "" : " (process " + pid.substr(0, pid.find('\n')) + ")";
}

base::Status makeFolder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::is_directory(folder, failure)) {
    return {};
  }
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return base::fail(codeOf(failure.value()), "The data folder " + folder.string() +
                                                   " cannot be made: " + failure.message() + ".");
  }
  chmod(folder.c_str(), 0700);
  return {};
}

}  // namespace

base::Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  if (base::Status made = makeFolder(folder); !made) {
    return made.error();
  }
  const std::filesystem::path path = folder / "lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return base::fail(codeOf(errno), "The lock file " + path.string() + " cannot be opened: " +
                                         std::strerror(errno) + ".");
  }
  FolderLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(base::Code::kConflict,
                      "The data folder " + folder.string() + " is in use by another Patchbay" +
                          holder(descriptor) + ". Stop that one or choose another data folder.");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return base::fail(codeOf(errno), "The lock file " + path.string() + " cannot be written: " +
                                         std::strerror(errno) + ".");
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace patchbay::store::sqlite
