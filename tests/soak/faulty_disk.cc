// Preloaded into the real server by the soak (soak.js): makes the disk below one folder fail on command.
//
// PATCHBAY_FAULTS names a file that both sides map: u32 flags, u32 permille, u64 count of calls that were made to fail.
// PATCHBAY_FAULTS_FOLDER: only files below it are touched. Flags: 1, writes that grow a file fail with ENOSPC; 2, of `permille` in a
// thousand, writes and syncs fail with EIO; 4, statvfs says that no room is left.
// Threads: any. Without a flag a call costs one load more.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

namespace {

constexpr std::uint32_t kFull = 1;
constexpr std::uint32_t kErrors = 2;
constexpr std::uint32_t kNoRoom = 4;

struct Faults {
  std::atomic<std::uint32_t> flags;
  std::atomic<std::uint32_t> permille;
  std::atomic<std::uint64_t> count;
};

Faults* mapFaults() {
  const char* path = std::getenv("PATCHBAY_FAULTS");
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) {
    return nullptr;
  }
  void* memory = mmap(nullptr, sizeof(Faults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<Faults*>(memory);
}

std::uint32_t flags() {
  static Faults* const faults = mapFaults();
  return faults == nullptr ? 0 : faults->flags.load(std::memory_order_relaxed);
}

Faults& faults() {
  static Faults* const mapped = mapFaults();
  return *mapped;
}

bool isOurs(int file) {
  static const char* const folder = std::getenv("PATCHBAY_FAULTS_FOLDER");
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = readlink(link.c_str(), path, sizeof path);
  return folder != nullptr && length > 0 && std::string_view(path, static_cast<std::size_t>(length)).starts_with(folder);
}

bool drawn() {
  thread_local std::minstd_rand random(std::random_device{}());
  return random() % 1000 < faults().permille.load(std::memory_order_relaxed);
}

bool grows(int file, off64_t end) {
  struct stat64 state {};
  return fstat64(file, &state) == 0 && end > state.st_size;
}

// errno of the failure to answer with, 0 = none.
int failureOf(int file, off64_t end) {
  const std::uint32_t now = flags();
  if ((now & (kFull | kErrors)) == 0 || !isOurs(file)) {
    return 0;
  }
  int failure = 0;
  if ((now & kFull) != 0 && end >= 0 && grows(file, end)) {
    failure = ENOSPC;
  } else if ((now & kErrors) != 0 && drawn()) {
    failure = EIO;
  }
  faults().count += failure == 0 ? 0 : 1;
  return failure;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

template <typename Call>
auto unlessFailing(int failure, Call call) -> decltype(call()) {
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return call();
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return unlessFailing(failureOf(file, at + static_cast<off64_t>(size)), [&] { return real(file, bytes, size, at); });
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) { return pwrite64(file, bytes, size, at); }

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  const off64_t at = (flags() & kFull) != 0 ? lseek64(file, 0, SEEK_CUR) : -1;
  return unlessFailing(failureOf(file, at < 0 ? -1 : at + static_cast<off64_t>(size)), [&] { return real(file, bytes, size); });
}

int fdatasync(int file) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return unlessFailing(failureOf(file, -1), [&] { return real(file); });
}

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  return unlessFailing(failureOf(file, -1), [&] { return real(file); });
}

int statvfs64(const char* path, struct statvfs64* space) noexcept {
  static const auto real = next<int (*)(const char*, struct statvfs64*)>("statvfs64");
  const int result = real(path, space);
  if (result == 0 && (flags() & kNoRoom) != 0) {
    space->f_bavail = 0;
  }
  return result;
}

int statvfs(const char* path, struct statvfs* space) noexcept {
  static const auto real = next<int (*)(const char*, struct statvfs*)>("statvfs");
  const int result = real(path, space);
  if (result == 0 && (flags() & kNoRoom) != 0) {
    space->f_bavail = 0;
  }
  return result;
}
}
