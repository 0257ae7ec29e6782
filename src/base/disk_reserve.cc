#include "base/disk_reserve.h"

#include <limits>

namespace patchbay::base {

namespace {

constexpr std::int64_t kFreshMillis = 1'000;
constexpr std::int64_t kNeverAsked = INT64_MIN;

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

}  // namespace

void DiskReserve::setReserve(std::uint64_t bytes) {
  reserve_ = bytes;
  askedAt_ = kNeverAsked;
}

std::uint64_t DiskReserve::ask() const {
  std::error_code unknown;
  const auto space = std::filesystem::space(folder_, unknown);
  return unknown ? std::numeric_limits<std::uint64_t>::max() : space.available;
}

std::uint64_t DiskReserve::available() {
  const std::int64_t now = toMillis(clock_.now());
  const std::int64_t askedAt = askedAt_;
  if (askedAt == kNeverAsked || now - askedAt >= kFreshMillis || now < askedAt) {
    available_ = ask();
    askedAt_ = now;
  }
  return available_;
}

Status DiskReserve::admit(std::string_view refused) {
  const std::uint64_t available = this->available();
  if (available >= reserve_) {
    return {};
  }
  return fail(Code::kDiskFull, "The disk has " + mebibytes(available) +
                                   " left, less than the reserve of " + mebibytes(reserve_) +
                                   " (DISK_RESERVE_BYTES). " + std::string(refused) +
                                   ": make room, then try again.");
}

}  // namespace patchbay::base
