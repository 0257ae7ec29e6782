// The store in one SQLite file below the data folder: the default.
//
// Threads: the Store returned is safe from any thread (store.h says what runs where).
// Errors of openSqlite: kConflict when another process has the folder open, kDiskFull, kStoreFailed for anything else, also for a
// file written by a newer Patchbay. A failed open changes nothing but the folder's existence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/executor.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::store {

struct SqliteOptions {
  std::filesystem::path folder;          // made with mode 0700 when missing
  std::string file = "patchbay.db";      // name below `folder`
  std::string vfs;                       // name of a registered sqlite3_vfs (tests of lossy disks); empty = the system's
  std::size_t readers = 4;               // read-only connections at most
  std::int64_t maxPages = 0;             // refuse to grow beyond (kDiskFull); 0 = as far as the disk goes
  // Where commits run (R35); outlives the store. Null = a thread of the store's own. write() then commits on the caller's thread, what has
  // queued before included, for there may be no other.
  base::Executor* commits = nullptr;
};

base::Result<std::unique_ptr<Store>> openSqlite(const SqliteOptions& options);

}  // namespace patchbay::store
