#include "lossy_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <vector>

namespace patchbay::simulate {

namespace {

constexpr int kSharedMemoryLocks = SQLITE_SHM_NLOCK;

// What connections to one file share: its locks, and the memory of WAL mode.
struct Sharing {
  int shared = 0;    // connections with SHARED or more
  int reserved = 0;  // of them: RESERVED or more; 0 or 1
  bool pending = false;
  bool exclusive = false;
  std::vector<std::unique_ptr<char[]>> memory;  // regions of WAL mode
  int memoryUsers = 0;
  std::array<int, kSharedMemoryLocks> slots{};  // < 0: exclusive; > 0: so many shared
};

struct OpenFile {
  std::shared_ptr<LossyFile> file;
  std::shared_ptr<Sharing> sharing;
  std::string removeAtClose;  // path; empty = stays
  LossyDisk* disk = nullptr;
  int lock = SQLITE_LOCK_NONE;
  bool usesMemory = false;
  std::array<int, kSharedMemoryLocks> slots{};  // held: 1 shared, -1 exclusive
};

// SQLite allocates this and knows only its first member.
struct Handle {
  sqlite3_file base;
  OpenFile* open;
};

OpenFile& of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file)->open;
}
LossyVfs& vfsOf(sqlite3_vfs* vfs) {
  return *static_cast<LossyVfs*>(vfs->pAppData);
}

int code(DiskAnswer answer, int failed) {
  switch (answer) {
    case DiskAnswer::kOk:
      return SQLITE_OK;
    case DiskAnswer::kFull:
      return SQLITE_FULL;
    case DiskAnswer::kFailed:
      break;
  }
  return failed;
}

int fileRead(sqlite3_file* file, void* into, int length, sqlite3_int64 offset) {
  bool complete = false;
  const DiskAnswer answer =
      of(file).file->read(static_cast<std::size_t>(offset), static_cast<char*>(into),
                          static_cast<std::size_t>(length), complete);
  if (answer != DiskAnswer::kOk) {
    return code(answer, SQLITE_IOERR_READ);
  }
  return complete ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int fileWrite(sqlite3_file* file, const void* bytes, int length, sqlite3_int64 offset) {
  return code(
      of(file).file->write(static_cast<std::size_t>(offset),
                           {static_cast<const char*>(bytes), static_cast<std::size_t>(length)}),
      SQLITE_IOERR_WRITE);
}

int fileTruncate(sqlite3_file* file, sqlite3_int64 size) {
  return code(of(file).file->truncate(static_cast<std::size_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int fileSync(sqlite3_file* file, int) {
  return code(of(file).file->sync(), SQLITE_IOERR_FSYNC);
}

int fileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(file).file->size());
  return SQLITE_OK;
}

int fileUnlock(sqlite3_file* file, int level) {
  OpenFile& open = of(file);
  Sharing& sharing = *open.sharing;
  if (open.lock <= level) {
    return SQLITE_OK;
  }
  if (open.lock >= SQLITE_LOCK_RESERVED) {
    sharing.reserved = 0;
    sharing.pending = false;
    sharing.exclusive = false;
  }
  if (level == SQLITE_LOCK_NONE) {
    --sharing.shared;
  }
  open.lock = level;
  return SQLITE_OK;
}

int fileLock(sqlite3_file* file, int level) {
  OpenFile& open = of(file);
  Sharing& sharing = *open.sharing;
  if (open.lock >= level) {
    return SQLITE_OK;
  }
  if (level == SQLITE_LOCK_SHARED) {
    if (sharing.pending || sharing.exclusive) {
      return SQLITE_BUSY;
    }
    ++sharing.shared;
    open.lock = level;
    return SQLITE_OK;
  }
  if (open.lock < SQLITE_LOCK_RESERVED && sharing.reserved > 0) {
    return SQLITE_BUSY;
  }
  sharing.reserved = 1;
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    sharing.pending = true;
    open.lock = std::max(open.lock, SQLITE_LOCK_RESERVED + 1);  // PENDING
    if (sharing.shared > 1) {
      return SQLITE_BUSY;
    }
    sharing.exclusive = true;
  }
  open.lock = level;
  return SQLITE_OK;
}

int fileCheckReserved(sqlite3_file* file, int* reserved) {
  *reserved = of(file).sharing->reserved;
  return SQLITE_OK;
}

int fileControl(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int fileSectorSize(sqlite3_file*) {
  return 4096;
}
// As SQLite's own layer on Linux says: a torn write changes no byte outside of what was written.
int fileCharacteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int memoryMap(sqlite3_file* file, int region, int size, int extend, void volatile** into) {
  OpenFile& open = of(file);
  if (!open.usesMemory) {
    open.usesMemory = true;
    ++open.sharing->memoryUsers;
  }
  auto& memory = open.sharing->memory;
  *into = nullptr;
  while (memory.size() <= static_cast<std::size_t>(region)) {
    if (extend == 0) {
      return SQLITE_OK;
    }
    memory.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *into = memory[static_cast<std::size_t>(region)].get();
  return SQLITE_OK;
}

void memoryRelease(OpenFile& open, int slot) {
  int& held = open.slots[static_cast<std::size_t>(slot)];
  int& all = open.sharing->slots[static_cast<std::size_t>(slot)];
  if (held != 0) {
    all = held < 0 ? 0 : all - 1;
    held = 0;
  }
}

int memoryLock(sqlite3_file* file, int offset, int count, int flags) {
  OpenFile& open = of(file);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = offset; slot < offset + count; ++slot) {
      memoryRelease(open, slot);
    }
    return SQLITE_OK;
  }
  const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  for (int slot = offset; slot < offset + count; ++slot) {
    const int others = open.sharing->slots[static_cast<std::size_t>(slot)] -
                       open.slots[static_cast<std::size_t>(slot)];
    if (shared ? others < 0 : others != 0) {
      return SQLITE_BUSY;
    }
  }
  for (int slot = offset; slot < offset + count; ++slot) {
    memoryRelease(open, slot);
    open.slots[static_cast<std::size_t>(slot)] = shared ? 1 : -1;
    int& all = open.sharing->slots[static_cast<std::size_t>(slot)];
    all = shared ? all + 1 : -1;
  }
  return SQLITE_OK;
}

void memoryBarrier(sqlite3_file*) {}

int memoryUnmap(sqlite3_file* file, int) {
  OpenFile& open = of(file);
  for (int slot = 0; slot < kSharedMemoryLocks; ++slot) {
    memoryRelease(open, slot);
  }
  if (std::exchange(open.usesMemory, false) && --open.sharing->memoryUsers == 0) {
    open.sharing->memory.clear();
  }
  return SQLITE_OK;
}

int fileClose(sqlite3_file* file) {
  memoryUnmap(file, 0);
  fileUnlock(file, SQLITE_LOCK_NONE);
  OpenFile* open = reinterpret_cast<Handle*>(file)->open;
  if (!open->removeAtClose.empty()) {
    open->disk->remove(open->removeAtClose, false);
  }
  delete open;
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {2,
                                         fileClose,
                                         fileRead,
                                         fileWrite,
                                         fileTruncate,
                                         fileSync,
                                         fileSize,
                                         fileLock,
                                         fileUnlock,
                                         fileCheckReserved,
                                         fileControl,
                                         fileSectorSize,
                                         fileCharacteristics,
                                         memoryMap,
                                         memoryLock,
                                         memoryBarrier,
                                         memoryUnmap,
                                         nullptr,
                                         nullptr};

// Connections that opened the same file, as opposed to the same path, share.
std::shared_ptr<Sharing> sharingOf(const std::shared_ptr<LossyFile>& file) {
  static std::map<std::weak_ptr<LossyFile>, std::weak_ptr<Sharing>, std::owner_less<>> all;
  std::erase_if(all, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<Sharing> sharing = all[file].lock();
  if (sharing == nullptr) {
    sharing = std::make_shared<Sharing>();
    all[file] = sharing;
  }
  return sharing;
}

int vfsOpen(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* outFlags) {
  auto* handle = reinterpret_cast<Handle*>(file);
  handle->base.pMethods = nullptr;
  if (name == nullptr) {
    return SQLITE_CANTOPEN;  // temporary files: the store keeps them in memory
  }
  LossyDisk& disk = vfsOf(vfs).disk();
  auto opened = disk.open(name, (flags & SQLITE_OPEN_CREATE) != 0);
  if (opened == nullptr) {
    return SQLITE_CANTOPEN;
  }
  handle->open = new OpenFile{opened, sharingOf(opened), {}, &disk, SQLITE_LOCK_NONE, false, {}};
  if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
    handle->open->removeAtClose = name;
  }
  handle->base.pMethods = &kMethods;
  if (outFlags != nullptr) {
    *outFlags = flags;
  }
  return SQLITE_OK;
}

int vfsDelete(sqlite3_vfs* vfs, const char* name, int sync) {
  return code(vfsOf(vfs).disk().remove(name, sync != 0), SQLITE_IOERR_DELETE);
}

int vfsAccess(sqlite3_vfs* vfs, const char* name, int, int* there) {
  *there = vfsOf(vfs).disk().has(name) ? 1 : 0;
  return SQLITE_OK;
}

int vfsFullPath(sqlite3_vfs*, const char* name, int size, char* into) {
  sqlite3_snprintf(size, into, "%s", name);
  return SQLITE_OK;
}

int vfsRandomness(sqlite3_vfs* vfs, int count, char* into) {
  vfsOf(vfs).random().fill(
      {reinterpret_cast<std::uint8_t*>(into), static_cast<std::size_t>(count)});
  return count;
}

int vfsSleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

int vfsTime64(sqlite3_vfs* vfs, sqlite3_int64* milliseconds) {
  constexpr sqlite3_int64 kJulianDayOf1970 = 210866760000000;  // ms
  *milliseconds = kJulianDayOf1970 + base::toMillis(vfsOf(vfs).clock().now());
  return SQLITE_OK;
}

int vfsTime(sqlite3_vfs* vfs, double* days) {
  sqlite3_int64 milliseconds = 0;
  vfsTime64(vfs, &milliseconds);
  *days = static_cast<double>(milliseconds) / 86'400'000.0;
  return SQLITE_OK;
}

int vfsLastError(sqlite3_vfs*, int, char*) {
  return 0;
}

}  // namespace

LossyVfs::LossyVfs(LossyDisk& disk, const base::Clock& clock, SeededRandom random)
    : disk_(disk), clock_(clock), random_(random), vfs_(std::make_unique<sqlite3_vfs>()) {
  vfs_->iVersion = 2;
  vfs_->szOsFile = sizeof(Handle);
  vfs_->mxPathname = 512;
  vfs_->zName = kName;
  vfs_->pAppData = this;
  vfs_->xOpen = vfsOpen;
  vfs_->xDelete = vfsDelete;
  vfs_->xAccess = vfsAccess;
  vfs_->xFullPathname = vfsFullPath;
  vfs_->xRandomness = vfsRandomness;
  vfs_->xSleep = vfsSleep;
  vfs_->xCurrentTime = vfsTime;
  vfs_->xCurrentTimeInt64 = vfsTime64;
  vfs_->xGetLastError = vfsLastError;
  sqlite3_vfs_register(vfs_.get(), 1);
  sqlite3_randomness(0, nullptr);
}

LossyVfs::~LossyVfs() {
  sqlite3_vfs_unregister(vfs_.get());
}

}  // namespace patchbay::simulate
