#include "files/file_store.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/json.h"
#include "base/log.h"
#include "files/content_type.h"

namespace patchbay::files {

namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr int kChunkSize = 261120;  // what the field's file objects say

base::Error noFile(const std::string& fileId) {
  return base::fail(base::Code::kNotFound, "File " + fileId.substr(0, 64) + " was not found.");
}

bool isPlainText(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

base::Status checkTexts(const NewFile& file) {
  if (file.filename.size() > kMaxNameBytes || !isPlainText(file.filename)) {
    return base::fail(base::Code::kInvalid,
                      "A file name must be a text of at most 255 bytes without control characters.");
  }
  if (file.contentType.size() > kMaxNameBytes || !isPlainText(file.contentType)) {
    return base::fail(base::Code::kInvalid,
                      "A content type must be a text of at most 255 bytes without control characters.");
  }
  if (!file.fileId.empty() && !isFileId(file.fileId)) {
    return base::fail(base::Code::kInvalid, "\"fileId\" must be a UUID.");
  }
  return {};
}

}  // namespace

bool isFileId(std::string_view text) {
  return base::isUuid(text) ||
         (text.size() == 24 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

json::object wireFile(const store::FileRecord& record) {
  json::object metadata{{"userId", record.userId}, {"fileId", record.fileId}};
  if (!record.flowId.empty()) {
    metadata["originFlowId"] = record.flowId;
  }
  return {{"fileId", record.fileId},
          {"filename", record.filename},
          {"length", record.length},
          {"chunkSize", kChunkSize},
          {"contentType", record.contentType},
          {"md5", record.md5},
          {"uploadDate", base::toIso(base::fromMillis(record.uploadDate))},
          {"metadata", std::move(metadata)}};
}

base::Status FileWriter::append(std::string_view bytes) {
  const std::int64_t most = files_.options_.maxFileBytes;
  if (blob_ == nullptr) {
    return base::fail(base::Code::kConflict, "The file was already committed.");
  }
  if (static_cast<std::int64_t>(bytes.size()) > most - blob_->length()) {
    return base::fail(base::Code::kTooLarge,
                      "The file is over the limit of " + std::to_string(most) + " bytes. It was not stored.");
  }
  return blob_->append(bytes);
}

base::Result<store::FileRecord> FileWriter::commit() {
  if (blob_ == nullptr) {
    return base::fail(base::Code::kConflict, "The file was already committed.");
  }
  auto md5 = blob_->finish();
  if (!md5) {
    return md5.error();
  }
  record_.md5 = std::move(*md5);
  record_.length = blob_->length();
  auto kept = files_.keep(record_, replace_);
  if (!kept) {
    blob_->discard();
  }
  blob_.reset();
  return kept;
}

store::FileRecord FileWriter::record() const {
  store::FileRecord record = record_;
  record.length = blob_ == nullptr ? record.length : blob_->length();
  return record;
}

base::Result<std::unique_ptr<FileStore>> FileStore::open(std::filesystem::path folder, store::Store& store,
                                                         base::Random& random, const base::Clock& clock,
                                                         FileStoreOptions options) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return base::fail(base::Code::kStoreFailed,
                      "The folder of files " + folder.string() + " cannot be made: " + failure.message() + ".");
  }
  chmod(folder.c_str(), 0700);
  std::unique_ptr<FileStore> files(new FileStore(std::move(folder), store, random, clock, options));
  if (base::Status swept = files->sweep(); !swept) {
    return swept.error();
  }
  return files;
}

// Only files that look like ours go; a file somebody put there stays.
base::Status FileStore::sweep() {
  std::set<std::string> known;
  const base::Status read = store_.read([&](store::Transaction& tx) {
    for (store::FileRecord& record : tx.files().all()) {
      known.insert(std::move(record.blob));
    }
  });
  if (!read) {
    return read;
  }
  std::error_code failure;
  std::size_t removed = 0;
  for (const auto& inner : std::filesystem::directory_iterator(folder_, failure)) {
    if (!inner.is_directory(failure)) {
      continue;
    }
    for (const auto& file : std::filesystem::directory_iterator(inner.path(), failure)) {
      const std::string name = file.path().filename().string();
      if (isBlobName(name) && !known.contains(name)) {
        removeBlob(folder_, name);
        ++removed;
      }
    }
  }
  if (removed > 0) {
    spdlog::info("{} files without a row were removed from {}", removed, folder_.string());
  }
  return {};
}

base::Result<store::FileRecord> FileStore::recordFor(const NewFile& file) {
  store::FileRecord record;
  if (file.replace) {
    auto current = info(file.userId, file.fileId);
    if (!current) {
      return current.error();
    }
    record = std::move(*current);
  } else {
    record.fileId = file.fileId.empty() ? base::newUuid(random_) : file.fileId;
    record.userId = file.userId;
    record.flowId = file.flowId;
  }
  if (!file.filename.empty() || record.filename.empty()) {
    record.filename = file.filename.empty() ? "file" : file.filename;
    record.contentType.clear();
  }
  if (!file.contentType.empty()) {
    record.contentType = file.contentType;
  } else if (record.contentType.empty()) {
    record.contentType = contentTypeOf(record.filename);
  }
  return record;
}

base::Result<std::unique_ptr<FileWriter>> FileStore::create(NewFile file) {
  if (base::Status good = checkTexts(file); !good) {
    return good.error();
  }
  auto record = recordFor(file);
  if (!record) {
    return record.error();
  }
  std::array<std::uint8_t, 16> name{};
  random_.fill(name);
  record->blob = base::toHex(name);
  auto blob = BlobWriter::open(folder_, record->blob);
  if (!blob) {
    return blob.error();
  }
  return std::unique_ptr<FileWriter>(
      new FileWriter(*this, std::move(*record), file.replace, std::move(*blob)));
}

base::Result<store::FileRecord> FileStore::keep(store::FileRecord record, bool replace) {
  record.uploadDate = base::toMillis(clock_.now());
  std::string oldBlob;
  const base::Status written = store_.write([&](store::Transaction& tx) -> base::Status {
    const auto current = tx.files().byId(record.fileId);
    if (replace && (!current || current->userId != record.userId)) {
      return noFile(record.fileId);
    }
    if (!replace && current) {
      return base::fail(base::Code::kConflict, "A file " + record.fileId + " already exists. Nothing was changed.");
    }
    oldBlob = current ? current->blob : "";
    tx.files().put(record);
    return {};
  });
  if (!written) {
    return written.error();
  }
  removeBlob(folder_, oldBlob);
  return record;
}

base::Result<store::FileRecord> FileStore::info(const std::string& userId, const std::string& fileId) {
  std::optional<store::FileRecord> found;
  const base::Status read = store_.read([&](store::Transaction& tx) { found = tx.files().byId(fileId); });
  if (!read) {
    return read.error();
  }
  if (!found || found->userId != userId) {
    return noFile(fileId);
  }
  return std::move(*found);
}

base::Result<std::vector<store::FileRecord>> FileStore::list(const std::string& userId) {
  std::vector<store::FileRecord> files;
  const base::Status read = store_.read([&](store::Transaction& tx) { files = tx.files().byUser(userId); });
  if (!read) {
    return read.error();
  }
  return files;
}

base::Result<std::string> FileStore::read(const std::string& userId, const std::string& fileId,
                                          std::int64_t offset, std::size_t length) {
  auto record = info(userId, fileId);
  return record ? read(*record, offset, length) : base::Result<std::string>(record.error());
}

base::Result<std::string> FileStore::read(const store::FileRecord& record, std::int64_t offset,
                                          std::size_t length) {
  if (offset < 0) {
    return base::fail(base::Code::kInvalid, "\"offset\" must not be negative.");
  }
  return readBlob(folder_, record.blob, offset, length);
}

base::Status FileStore::remove(const std::string& userId, const std::string& fileId) {
  std::string blob;
  base::Status written = store_.write([&](store::Transaction& tx) -> base::Status {
    const auto current = tx.files().byId(fileId);
    if (!current || current->userId != userId) {
      return noFile(fileId);
    }
    blob = current->blob;
    tx.files().erase(fileId);
    return {};
  });
  if (written) {
    removeBlob(folder_, blob);
  }
  return written;
}

base::Status FileStore::removeAllOf(const std::string& userId) {
  std::vector<store::FileRecord> gone;
  base::Status written = store_.write([&](store::Transaction& tx) -> base::Status {
    gone = tx.files().byUser(userId);
    for (const store::FileRecord& record : gone) {
      tx.files().erase(record.fileId);
    }
    return {};
  });
  if (written) {
    for (const store::FileRecord& record : gone) {
      removeBlob(folder_, record.blob);
    }
  }
  return written;
}

}  // namespace patchbay::files
