// A LossyDisk as SQLite's file layer (sqlite3_vfs), registered under a name for
// store::SqliteOptions::vfs.
//
// Locks and the shared memory of WAL mode are those of one process: they go with a power failure.
// Time and randomness that SQLite asks for come from the simulation. Threads: one. Ownership: the
// disk and the clock outlive it; no connection is open when it goes. Source of the interface:
// https://www.sqlite.org/c3ref/io_methods.html and vfs.html, version 3.40.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "lossy_disk.h"

struct sqlite3_vfs;

namespace patchbay::simulate {

class LossyVfs {
 public:
  static constexpr const char* kName = "lossy";

  // The default of all connections that name none, too: SQLite seeds its own random numbers from
  // it.
  LossyVfs(LossyDisk& disk, const base::Clock& clock, SeededRandom random);
  ~LossyVfs();
  LossyVfs(const LossyVfs&) = delete;
  LossyVfs& operator=(const LossyVfs&) = delete;

  LossyDisk& disk() { return disk_; }
  const base::Clock& clock() const { return clock_; }
  SeededRandom& random() { return random_; }

 private:
  LossyDisk& disk_;
  const base::Clock& clock_;
  SeededRandom random_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace patchbay::simulate
