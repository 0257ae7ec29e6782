#include "files/blob.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/random.h"

namespace patchbay::files {

namespace {

base::Error diskError(int error, const char* doing) {
  if (error == ENOSPC || error == EDQUOT) {
    return base::fail(base::Code::kDiskFull,
                      "The disk of the data folder is full; the file was not stored. Make room and try again.");
  }
  return base::fail(base::Code::kStoreFailed,
                    std::string("The file could not be ") + doing + ": " + std::strerror(error) + ".");
}

// A closed descriptor at the end of the scope.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) {
      close(value);
    }
  }
};

bool syncFolder(const std::filesystem::path& folder) {
  const Descriptor opened{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return opened.value >= 0 && fsync(opened.value) == 0;
}

}  // namespace

class BlobWriter::Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_md5(), nullptr); }
  ~Digest() { EVP_MD_CTX_free(context_); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void update(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_, bytes.data(), &size);
    return base::toHex(std::span(bytes.data(), size));
  }

 private:
  EVP_MD_CTX* context_;
};

bool isBlobName(std::string_view name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::filesystem::path blobPath(const std::filesystem::path& folder, std::string_view name) {
  return folder / name.substr(0, 2) / name;
}

base::Result<std::unique_ptr<BlobWriter>> BlobWriter::open(const std::filesystem::path& folder,
                                                           std::string name) {
  std::filesystem::path path = blobPath(folder, name);
  if (mkdir(path.parent_path().c_str(), 0700) == 0) {
    syncFolder(folder);
  } else if (errno != EEXIST) {
    return diskError(errno, "created");
  }
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return diskError(errno, "created");
  }
  return std::unique_ptr<BlobWriter>(new BlobWriter(std::move(path), std::move(name), descriptor));
}

BlobWriter::BlobWriter(std::filesystem::path path, std::string name, int descriptor)
    : path_(std::move(path)),
      name_(std::move(name)),
      descriptor_(descriptor),
      digest_(std::make_unique<Digest>()) {}

BlobWriter::~BlobWriter() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
  if (!kept_) {
    unlink(path_.c_str());
  }
}

base::Status BlobWriter::append(std::string_view bytes) {
  digest_->update(bytes);
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return diskError(errno, "written");
    }
    length_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

base::Result<std::string> BlobWriter::finish() {
  if (fsync(descriptor_) != 0) {
    return diskError(errno, "written");
  }
  const int closed = close(std::exchange(descriptor_, -1));
  if (closed != 0 || !syncFolder(path_.parent_path())) {
    return diskError(errno, "written");
  }
  kept_ = true;
  return digest_->finish();
}

void BlobWriter::discard() { kept_ = false; }

base::Result<std::string> readBlob(const std::filesystem::path& folder, std::string_view name,
                                   std::int64_t offset, std::size_t length) {
  const std::filesystem::path path = blobPath(folder, name);
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  struct stat facts {};
  if (file.value < 0 || fstat(file.value, &facts) != 0) {
    return diskError(errno, "read");
  }
  const std::int64_t left = std::max<std::int64_t>(facts.st_size - offset, 0);
  std::string bytes(std::min(length, static_cast<std::size_t>(left)), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t count =
        pread(file.value, bytes.data() + got, bytes.size() - got, offset + static_cast<off_t>(got));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return diskError(errno, "read");
    }
    if (count == 0) {
      break;
    }
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

void removeBlob(const std::filesystem::path& folder, std::string_view name) {
  if (isBlobName(name)) {
    unlink(blobPath(folder, name).c_str());
  }
}

}  // namespace patchbay::files
