// Room on the disk that is kept for what has been accepted: below the reserve nothing new is taken
// in, what is under way goes on.
//
// Settling a message writes too, so a disk that fills up must refuse new work while there is still
// room to finish the old. Threads: safe from any thread. The disk is asked at most once a second. A
// disk that cannot be asked counts as roomy: writes will tell. Units: bytes, milliseconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace patchbay::base {

class DiskReserve {
 public:
  static constexpr std::uint64_t kDefaultBytes = std::uint64_t{128} << 20;

  // `folder` is on the disk that is watched.
  DiskReserve(std::filesystem::path folder, const Clock& clock)
      : folder_(std::move(folder)), clock_(clock) {}
  virtual ~DiskReserve() = default;

  // At once: the next question asks the disk.
  void setReserve(std::uint64_t bytes);
  std::uint64_t reserve() const { return reserve_; }
  std::uint64_t available();
  bool spent() { return available() < reserve_; }
  // kDiskFull when the reserve is spent; `refused` says what was not done: "The call was not
  // accepted".
  Status admit(std::string_view refused);

 protected:
  virtual std::uint64_t ask() const;

 private:
  const std::filesystem::path folder_;
  const Clock& clock_;
  std::atomic<std::uint64_t> reserve_{kDefaultBytes};
  std::atomic<std::uint64_t> available_{0};
  std::atomic<std::int64_t> askedAt_{INT64_MIN};
};

}  // namespace patchbay::base
