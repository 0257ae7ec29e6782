#include "lossy_disk.h"

#include <algorithm>
#include <cstring>

namespace patchbay::simulate {

namespace {
constexpr std::size_t kSector = 512;
constexpr std::uint64_t kTornOneIn = 8;
}  // namespace

void LossyFile::apply(const Change& change, std::string& content) {
  if (change.cuts) {
    content.resize(change.offset);
    return;
  }
  if (content.size() < change.offset + change.bytes.size()) {
    content.resize(change.offset + change.bytes.size());
  }
  std::copy(change.bytes.begin(), change.bytes.end(),
            content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

// Each sector of it whole, torn or not at all.
void LossyFile::applyPart(const Change& change, std::string& content, SeededRandom& random) {
  if (change.cuts) {
    if (random.oneIn(2)) {
      apply(change, content);
    }
    return;
  }
  for (std::size_t at = 0; at < change.bytes.size();) {
    const std::size_t end =
        std::min(change.bytes.size(), at + kSector - (change.offset + at) % kSector);
    if (random.oneIn(2)) {
      const std::size_t length = random.oneIn(kTornOneIn) ? random.below(end - at) : end - at;
      apply({false, change.offset + at, change.bytes.substr(at, length)}, content);
    }
    at = end;
  }
}

void LossyFile::keepAny(SeededRandom& random) {
  const std::uint64_t how = random.below(4);
  for (const Change& change : changes_) {
    if (how == 0) {
      apply(change, synced_);
    } else if (how > 1) {
      applyPart(change, synced_, random);
    }
  }
  changes_.clear();
}

DiskAnswer LossyFile::read(std::size_t offset, char* into, std::size_t length,
                           bool& complete) const {
  if (dead_ || disk_.powerFailed_ || disk_.random_.oneIn(disk_.weather_.readFails)) {
    return DiskAnswer::kFailed;
  }
  const std::size_t there = offset < now_.size() ? std::min(length, now_.size() - offset) : 0;
  std::memcpy(into, now_.data() + std::min(offset, now_.size()), there);
  std::memset(into + there, 0, length - there);
  complete = there == length;
  return DiskAnswer::kOk;
}

DiskAnswer LossyFile::write(std::size_t offset, std::string_view bytes) {
  if (dead_) {
    return DiskAnswer::kFailed;
  }
  if (disk_.weather_.full && offset + bytes.size() > now_.size()) {
    return DiskAnswer::kFull;
  }
  const DiskAnswer answer = disk_.beforeChange(disk_.weather_.writeFails);
  Change change{false, offset, std::string(bytes)};
  if (answer != DiskAnswer::kOk) {  // some of it may have come down
    change.bytes.resize(disk_.random_.below(bytes.size() + 1));
  }
  apply(change, now_);
  changes_.push_back(std::move(change));
  return answer;
}

DiskAnswer LossyFile::truncate(std::size_t size) {
  if (dead_) {
    return DiskAnswer::kFailed;
  }
  if (const DiskAnswer answer = disk_.beforeChange(disk_.weather_.writeFails);
      answer != DiskAnswer::kOk) {
    return answer;
  }
  changes_.push_back({true, size, {}});
  apply(changes_.back(), now_);
  return DiskAnswer::kOk;
}

DiskAnswer LossyFile::sync() {
  if (dead_) {
    return DiskAnswer::kFailed;
  }
  if (disk_.whileSyncing_) {
    disk_.whileSyncing_();
  }
  if (dead_ || disk_.powerFailed_) {
    return DiskAnswer::kFailed;
  }
  if (const DiskAnswer answer = disk_.beforeChange(disk_.weather_.syncFails);
      answer != DiskAnswer::kOk) {
    syncFailed_ = true;
    if (disk_.random_.oneIn(2)) {
      keepAny(disk_.random_);
    }
    return answer;
  }
  for (const Change& change : changes_) {
    apply(change, synced_);
  }
  changes_.clear();
  known_ = true;
  disk_.forgetRemoved(*this);
  return DiskAnswer::kOk;
}

LossyDisk::LossyDisk(SeededRandom random, Image image) : random_(random) {
  for (auto& [path, content] : image) {
    auto file = std::make_shared<LossyFile>(*this);
    file->now_ = content;
    file->synced_ = std::move(content);
    file->known_ = true;
    files_.emplace(path, std::move(file));
  }
}

std::shared_ptr<LossyFile> LossyDisk::open(const std::string& path, bool create) {
  const auto found = files_.find(path);
  if (found != files_.end()) {
    return found->second;
  }
  if (!create || powerFailed_) {
    return nullptr;
  }
  return files_.emplace(path, std::make_shared<LossyFile>(*this)).first->second;
}

DiskAnswer LossyDisk::remove(const std::string& path, bool forGood) {
  const auto found = files_.find(path);
  if (found == files_.end()) {
    return DiskAnswer::kOk;
  }
  if (const DiskAnswer answer = beforeChange(weather_.writeFails); answer != DiskAnswer::kOk) {
    return answer;
  }
  if (forGood) {
    removed_.erase(path);
  } else if (found->second->known_ && !found->second->syncFailed_) {
    removed_[path] = found->second->synced_;
  }
  files_.erase(found);
  return DiskAnswer::kOk;
}

// The directory says now that its name is this file: an older one of that name does not come back.
void LossyDisk::forgetRemoved(const LossyFile& file) {
  for (const auto& [path, one] : files_) {
    if (one.get() == &file) {
      removed_.erase(path);
    }
  }
}

DiskAnswer LossyDisk::beforeChange(std::uint64_t failsOneIn) {
  powerFailed_ = powerFailed_ || random_.oneIn(weather_.powerFails);
  return powerFailed_ || random_.oneIn(failsOneIn) ? DiskAnswer::kFailed : DiskAnswer::kOk;
}

void LossyDisk::crash() {
  powerFailed_ = false;
  Image left;
  for (const auto& [path, file] : files_) {
    file->keepAny(random_);
    file->dead_ = true;
    if (file->known_ || random_.oneIn(2)) {
      left[path] = file->synced_;
    }
  }
  for (auto& [path, content] : removed_) {
    if (!left.contains(path) && random_.oneIn(2)) {
      left[path] = std::move(content);
    }
  }
  removed_.clear();
  files_.clear();
  for (auto& [path, content] : left) {
    const auto file = open(path, true);
    file->now_ = content;
    file->synced_ = std::move(content);
    file->known_ = true;
  }
}

LossyDisk::Image LossyDisk::image() const {
  Image image;
  for (const auto& [path, file] : files_) {
    if (file->known_) {
      image[path] = file->synced_;
    }
  }
  return image;
}

}  // namespace patchbay::simulate
