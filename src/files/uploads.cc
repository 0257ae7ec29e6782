#include "files/uploads.h"

#include <algorithm>

namespace patchbay::files {

namespace {

constexpr std::int64_t kMaxChunks = 1'000'000;
constexpr std::size_t kMaxOpenPerUser = 20;
constexpr std::chrono::hours kPatience{1};

base::Error outOfOrder(std::int64_t number, std::int64_t next) {
  return base::fail(base::Code::kInvalid, "Chunk " + std::to_string(number) + " came where chunk " +
                                              std::to_string(next) + " was expected.");
}

}  // namespace

base::Result<store::FileRecord> Uploads::add(const Chunk& chunk) {
  if (chunk.total < 1 || chunk.total > kMaxChunks || chunk.number < 1 || chunk.number > chunk.total) {
    return base::fail(base::Code::kInvalid,
                      "uploader-chunk-number must be 1 to uploader-chunks-total, that at most 1000000.");
  }
  auto upload = chunk.number == 1 ? begin(chunk) : resume(chunk);
  if (!upload) {
    return upload.error();
  }
  const std::string fileId = upload->writer->record().fileId;
  const base::Status appended = upload->writer->append(chunk.bytes);
  const bool last = chunk.number == chunk.total;
  base::Result<store::FileRecord> outcome =
      !appended ? base::Result<store::FileRecord>(appended.error())
      : last    ? upload->writer->commit()
                : base::Result<store::FileRecord>(upload->writer->record());
  const std::lock_guard lock(mutex_);
  if (last || !appended) {
    uploads_.erase(fileId);
  } else {
    upload->next = chunk.number + 1;
    upload->touched = clock_.now();
    uploads_[fileId] = std::move(*upload);
  }
  return outcome;
}

base::Result<Uploads::Upload> Uploads::begin(const Chunk& chunk) {
  NewFile file;
  file.userId = chunk.userId;
  file.fileId = chunk.fileId;
  file.filename = chunk.filename;
  file.contentType = chunk.contentType;
  file.replace = !chunk.fileId.empty() && files_.info(chunk.userId, chunk.fileId).has_value();
  {
    const std::lock_guard lock(mutex_);
    dropStale();
    const auto open = std::count_if(uploads_.begin(), uploads_.end(),
                                    [&](const auto& one) { return one.second.userId == chunk.userId; });
    if (static_cast<std::size_t>(open) >= kMaxOpenPerUser) {
      return base::fail(base::Code::kTooMany, "20 uploads of this user are open. Finish one first.");
    }
    if (uploads_.contains(chunk.fileId)) {
      return outOfOrder(1, uploads_[chunk.fileId].next);
    }
  }
  auto writer = files_.create(std::move(file));
  if (!writer) {
    return writer.error();
  }
  return Upload{chunk.userId, std::move(*writer), 1, chunk.total, clock_.now()};
}

base::Result<Uploads::Upload> Uploads::resume(const Chunk& chunk) {
  const std::lock_guard lock(mutex_);
  dropStale();
  const auto found = uploads_.find(chunk.fileId);
  if (found == uploads_.end() || found->second.userId != chunk.userId) {
    return base::fail(base::Code::kNotFound, "No upload of file " + chunk.fileId.substr(0, 64) +
                                                 " is open. Begin again with chunk 1.");
  }
  Upload& upload = found->second;
  if (upload.writer == nullptr) {
    return base::fail(base::Code::kConflict, "Another chunk of this file is being written.");
  }
  if (chunk.number != upload.next || chunk.total != upload.total) {
    return outOfOrder(chunk.number, upload.next);
  }
  Upload taken = std::move(upload);
  upload = Upload{taken.userId, nullptr, taken.next, taken.total, clock_.now()};
  return taken;
}

void Uploads::dropStale() {
  const base::Time oldest = clock_.now() - kPatience;
  std::erase_if(uploads_, [&](const auto& one) {
    return one.second.writer != nullptr && one.second.touched < oldest;
  });
}

}  // namespace patchbay::files
