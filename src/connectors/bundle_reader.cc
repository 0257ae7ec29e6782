#include "connectors/bundle_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "connectors/entry_name.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

base::Error refuseEntry(std::string_view name, const std::string& why) {
  return base::fail(base::Code::kBundleRefused, "The archive was refused: entry \"" +
                                                    shownName(name) + "\" " + why +
                                                    ". Nothing was installed.");
}

base::Error refuseArchive(const std::string& why) {
  return base::fail(base::Code::kBundleRefused,
                    "The archive was refused: " + why + ". Nothing was installed.");
}

base::Error diskError(const fs::path& file, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  return base::fail(full ? base::Code::kDiskFull : base::Code::kInternal,
                    "The bundle could not be unpacked: " + file.filename().string() + ": " +
                        std::strerror(number) + ". Nothing was installed.");
}

std::string mebibytes(std::uint64_t bytes) {
  return bytes >= (1U << 20) ? std::to_string(bytes >> 20) + " MiB"
                             : std::to_string(bytes) + " bytes";
}

class File {
 public:
  explicit File(const fs::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)) {}
  ~File() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool isOpen() const { return fd_ >= 0; }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) {
        continue;
      }
      if (written < 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

 private:
  int fd_;
};

struct EntryCloser {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

ZipLimits ZipLimits::catalogue() {
  ZipLimits limits;
  limits.archiveBytes = 256ULL << 20;
  limits.unpackedBytes = 1ULL << 30;
  limits.entryBytes = 128ULL << 20;
  limits.entries = 200'000;
  return limits;
}

void BundleReader::Closer::operator()(::zip* archive) const {
  zip_discard(archive);
}

base::Result<BundleReader::Handle> BundleReader::openHandle(std::string_view bytes,
                                                            const ZipLimits& limits) {
  if (bytes.empty()) {
    return refuseArchive("it is empty; send the zip of a bundle as the request's body");
  }
  if (bytes.size() > limits.archiveBytes) {
    return base::fail(base::Code::kTooLarge, "The archive is " + mebibytes(bytes.size()) +
                                                 "; at most " + mebibytes(limits.archiveBytes) +
                                                 " may be published (LIMIT_CC_ARCHIVE_MAX_BYTES).");
  }
  zip_error_t failure;
  zip_error_init(&failure);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &failure);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &failure) : nullptr;
  const std::string why = archive ? "" : zip_error_strerror(&failure);
  zip_error_fini(&failure);
  if (!archive) {
    zip_source_free(source);
    return refuseArchive("it is not a zip (" + why + ")");
  }
  Handle handle(archive);
  if (zip_get_num_entries(archive, 0) <= 0) {
    return refuseArchive("it has no entries");
  }
  return handle;
}

base::Status BundleReader::sniff(std::string_view bytes, const ZipLimits& limits) {
  const auto handle = openHandle(bytes, limits);
  return handle ? base::Status() : base::Status(handle.error());
}

base::Result<BundleReader> BundleReader::open(std::string_view bytes, const ZipLimits& limits) {
  auto handle = openHandle(bytes, limits);
  if (!handle) {
    return handle.error();
  }
  BundleReader reader(std::move(handle).value(), limits);
  if (auto status = reader.checkEntries(); !status) {
    return status.error();
  }
  return reader;
}

base::Status BundleReader::checkEntries() {
  const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive_.get(), 0));
  if (count > limits_.entries) {
    return refuseArchive("it has " + std::to_string(count) + " entries; at most " +
                         std::to_string(limits_.entries) + " are allowed");
  }
  EntryNames names;
  bool hasFile = false;
  for (std::uint64_t index = 0; index < count; ++index) {
    auto entry = checkEntry(index);
    if (!entry) {
      return entry.error();
    }
    if (auto status = names.add(entry->name); !status) {
      return status;
    }
    hasFile = hasFile || !entry->isFolder;
    entries_.push_back(std::move(entry).value());
  }
  return hasFile ? base::Status() : base::Status(refuseArchive("it holds folders only, no file"));
}

base::Result<BundleReader::Entry> BundleReader::checkEntry(std::uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  const char* name = zip_get_name(archive_.get(), index, ZIP_FL_ENC_RAW);
  if (!name || zip_stat_index(archive_.get(), index, 0, &stat) != 0) {
    return refuseArchive("entry " + std::to_string(index) + " cannot be read");
  }
  if (auto status = checkEntryName(name); !status) {
    return status.error();
  }
  Entry entry{name, index, stat.comp_size, std::string_view(name).ends_with('/')};
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  zip_file_get_external_attributes(archive_.get(), index, 0, &system, &attributes);
  const auto kind = (attributes >> 16) & S_IFMT;
  if (kind == S_IFLNK) {
    return refuseEntry(name, "is a symbolic link");
  }
  if (kind != 0 && kind != (entry.isFolder ? S_IFDIR : S_IFREG)) {
    return refuseEntry(name, "is neither a plain file nor a folder");
  }
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
    return refuseEntry(name, "is encrypted");
  }
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
    return refuseEntry(
        name, "is packed with method " + std::to_string(stat.comp_method) + "; use deflate");
  }
  if (stat.size > limits_.entryBytes) {
    return refuseEntry(name, "unpacks to more than " + mebibytes(limits_.entryBytes));
  }
  return entry;
}

// What the headers say about sizes is not believed: bytes are counted as they come.
base::Status BundleReader::inflate(const Entry& entry, const Piece& piece) {
  std::unique_ptr<zip_file_t, EntryCloser> file(zip_fopen_index(archive_.get(), entry.index, 0));
  if (!file) {
    return refuseEntry(entry.name,
                       std::string("cannot be read (") + zip_strerror(archive_.get()) + ")");
  }
  std::array<char, 64 * 1024> buffer;
  std::uint64_t size = 0;
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), buffer.data(), buffer.size());
    if (got < 0) {
      return refuseEntry(entry.name,
                         std::string("is damaged (") + zip_file_strerror(file.get()) + ")");
    }
    if (got == 0) {
      return {};
    }
    size += static_cast<std::uint64_t>(got);
    unpacked_ += static_cast<std::uint64_t>(got);
    if (size > limits_.entryBytes) {
      return refuseEntry(entry.name, "unpacks to more than " + mebibytes(limits_.entryBytes));
    }
    if (unpacked_ > limits_.unpackedBytes) {
      return refuseArchive("it unpacks to more than " + mebibytes(limits_.unpackedBytes));
    }
    if (size > limits_.ratioFromBytes && size / limits_.ratio > entry.packedBytes) {
      return refuseEntry(entry.name, "unpacks to more than " + std::to_string(limits_.ratio) +
                                         " times its packed size, as only a zip bomb does");
    }
    if (auto status = piece({buffer.data(), static_cast<std::size_t>(got)}); !status) {
      return status;
    }
  }
}

base::Result<std::string> BundleReader::read(const Entry& entry) {
  std::string out;
  auto status = inflate(entry, [&out](std::string_view bytes) {
    out.append(bytes);
    return base::Status();
  });
  if (!status) {
    return status.error();
  }
  return out;
}

base::Status BundleReader::writeFile(const Entry& entry, const fs::path& path) {
  File file(path);
  if (!file.isOpen()) {
    return diskError(path, errno);
  }
  return inflate(entry, [&](std::string_view bytes) {
    return file.write(bytes) ? base::Status() : base::Status(diskError(path, errno));
  });
}

base::Status BundleReader::writeAll(const fs::path& folder) {
  unpacked_ = 0;
  for (const Entry& entry : entries_) {
    const fs::path path = folder / entry.name;
    std::error_code failure;
    fs::create_directories(entry.isFolder ? path : path.parent_path(), failure);
    if (failure) {
      return diskError(path, failure.value());
    }
    if (!entry.isFolder) {
      if (auto status = writeFile(entry, path); !status) {
        return status;
      }
    }
  }
  return {};
}

base::Status BundleReader::extractTo(const fs::path& folder) {
  std::error_code failure;
  if (!fs::create_directory(folder, failure)) {
    return diskError(folder, failure ? failure.value() : EEXIST);
  }
  auto status = writeAll(folder);
  if (!status) {
    fs::remove_all(folder, failure);
  }
  return status;
}

}  // namespace patchbay::connectors
