// Files in memory that forget, as a disk does, what was not synced when the power fails; and that
// fail when the weather is bad.
//
// A file is what its user reads now, and what would be there after a power failure: the state at
// its last sync, plus any of the writes since then, whole, torn or lost, sector by sector. A file
// that was never synced may vanish, one whose removal was not synced may come back until
// another of its name is synced, but for one with a failed sync: SQLite's log does not survive that
// pair. After a failed sync the writes before it are lost or not, and no later sync promises them.
// Threads: one. Ownership: a file lives as long as somebody has it open; crash() leaves open files
// behind, where every operation fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seeded_random.h"

namespace patchbay::simulate {

// How often an operation fails: once in so many; 0 = never.
struct Weather {
  std::uint64_t readFails = 0;
  std::uint64_t writeFails = 0;
  std::uint64_t syncFails = 0;
  std::uint64_t powerFails = 0;  // at a write or sync; everything fails from then on, until crash()
  bool full = false;             // no file grows
};

enum class DiskAnswer : std::uint8_t { kOk, kFailed, kFull };

class LossyDisk;

class LossyFile {
 public:
  explicit LossyFile(LossyDisk& disk) : disk_(disk) {}

  // Fills what is beyond the end with zeros; `complete` says whether there was any.
  DiskAnswer read(std::size_t offset, char* into, std::size_t length, bool& complete) const;
  DiskAnswer write(std::size_t offset, std::string_view bytes);
  DiskAnswer truncate(std::size_t size);
  DiskAnswer sync();
  std::size_t size() const { return now_.size(); }

 private:
  friend class LossyDisk;
  struct Change {
    bool cuts = false;  // to `offset`
    std::size_t offset = 0;
    std::string bytes;
  };
  static void apply(const Change& change, std::string& content);
  static void applyPart(const Change& change, std::string& content, SeededRandom& random);
  void keepAny(SeededRandom& random);  // of the changes, for good

  LossyDisk& disk_;
  std::string now_;
  std::string synced_;
  std::vector<Change> changes_;  // since the last sync
  bool known_ = false;           // its name was synced
  bool syncFailed_ = false;
  bool dead_ = false;  // of before a power failure
};

class LossyDisk {
 public:
  // What survives power failures, by path: a copy makes another disk of the same content.
  using Image = std::map<std::string, std::string>;

  LossyDisk(SeededRandom random, Image image = {});

  std::shared_ptr<LossyFile> open(const std::string& path, bool create);  // null: not there
  DiskAnswer remove(const std::string& path, bool forGood);  // for good: the removal is synced
  bool has(const std::string& path) const { return files_.contains(path); }

  void setWeather(const Weather& weather) { weather_ = weather; }
  bool powerFailed() const { return powerFailed_; }
  // The caller of a sync waits for the disk while this runs.
  void onSync(std::function<void()> whileSyncing) { whileSyncing_ = std::move(whileSyncing); }
  void failPower() { powerFailed_ = true; }
  // Power is back: files are what was synced, and any part of the rest.
  void crash();
  Image image() const;

 private:
  friend class LossyFile;
  DiskAnswer beforeChange(std::uint64_t failsOneIn);
  void forgetRemoved(const LossyFile& file);

  SeededRandom random_;
  Weather weather_;
  std::function<void()> whileSyncing_;
  bool powerFailed_ = false;
  std::map<std::string, std::shared_ptr<LossyFile>> files_;
  std::map<std::string, std::string> removed_;  // not yet for good
};

}  // namespace patchbay::simulate
