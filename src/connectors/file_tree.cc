#include "connectors/file_tree.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/log.h"
#include "base/random.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

base::Error diskError(const fs::path& file, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  return base::fail(
      full ? base::Code::kDiskFull : base::Code::kInternal,
      "A file of the bundle could not be handled: " + file.string() + ": " + std::strerror(number));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Sha256() { EVP_MD_CTX_free(context_); }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<std::uint8_t, 32> digest{};
    EVP_DigestFinal_ex(context_, digest.data(), nullptr);
    return base::toHex(digest);
  }

 private:
  EVP_MD_CTX* context_;
};

template <typename Sink>
base::Status readInto(const fs::path& file, Sink sink) {
  const Descriptor input(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (input.get() < 0) {
    return diskError(file, errno);
  }
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    const ssize_t got = ::read(input.get(), buffer.data(), buffer.size());
    if (got < 0 && errno != EINTR) {
      return diskError(file, errno);
    }
    if (got == 0) {
      return {};
    }
    if (got > 0) {
      if (auto status = sink(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
          !status) {
        return status;
      }
    }
  }
}

}  // namespace

TreeFiles listFiles(const fs::path& root, const std::vector<std::string>& generated) {
  std::set<std::string> skipped;
  for (const std::string& folder : generated) {
    skipped.insert(folder.empty() ? "node_modules" : folder + "/node_modules");
  }
  TreeFiles files;
  std::error_code failure;
  for (auto at = fs::recursive_directory_iterator(root, failure);
       !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
    const std::string path = at->path().lexically_relative(root).generic_string();
    std::error_code ignored;
    const auto kind = at->symlink_status(ignored).type();
    if (kind == fs::file_type::directory && skipped.contains(path)) {
      at.disable_recursion_pending();
    } else if (kind == fs::file_type::regular) {
      files.emplace(path, at->path());
    }
  }
  return files;
}

base::Result<std::string> hashFiles(const TreeFiles& files) {
  Sha256 all;
  for (const auto& [path, source] : files) {
    Sha256 content;
    auto status = readInto(source, [&content](std::string_view bytes) {
      content.add(bytes);
      return base::Status();
    });
    if (!status) {
      return status.error();
    }
    all.add(path);
    all.add("\n" + content.hex() + "\n");
  }
  return all.hex();
}

std::string sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

base::Result<std::string> readFile(const fs::path& file, std::size_t maxBytes) {
  std::string out;
  auto status = readInto(file, [&](std::string_view bytes) -> base::Status {
    if (out.size() + bytes.size() > maxBytes) {
      return base::fail(base::Code::kTooLarge, file.filename().string() + " is larger than " +
                                                   std::to_string(maxBytes) + " bytes");
    }
    out.append(bytes);
    return {};
  });
  if (!status) {
    return status.error();
  }
  return out;
}

base::Status writeFile(const fs::path& file, std::string_view bytes) {
  const Descriptor output(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (output.get() < 0) {
    return diskError(file, errno);
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(output.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return diskError(file, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return {};
}

base::Status copyFiles(const TreeFiles& files, const fs::path& root) {
  std::error_code failure;
  fs::create_directories(root, failure);
  for (const auto& [path, source] : files) {
    const fs::path target = root / path;
    fs::create_directories(target.parent_path(), failure);
    if (!failure) {
      fs::copy_file(source, target, failure);
    }
    if (!failure) {
      fs::permissions(target, fs::perms(0644), failure);
    }
    if (failure) {
      return diskError(target, failure.value());
    }
  }
  return {};
}

base::Status linkTree(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::create_directories(to, failure);
  for (auto at = fs::recursive_directory_iterator(from, failure);
       !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
    const fs::path target = to / at->path().lexically_relative(from);
    if (at->is_symlink()) {
      fs::copy_symlink(at->path(), target, failure);
    } else if (at->is_directory()) {
      fs::create_directory(target, failure);
    } else if (at->is_regular_file()) {
      fs::create_hard_link(at->path(), target, failure);
      if (failure) {
        fs::copy_file(at->path(), target, failure);
      }
    }
    if (failure) {
      return diskError(target, failure.value());
    }
  }
  return failure ? base::Status(diskError(from, failure.value())) : base::Status();
}

base::Status syncFolder(const fs::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::syncfs(opened.get()) != 0) {
    return diskError(folder, errno);
  }
  return {};
}

void removeTree(const fs::path& folder) {
  std::error_code failure;
  fs::remove_all(folder, failure);
  if (failure) {
    SPDLOG_WARN("the folder {} could not be removed: {}", folder.string(), failure.message());
  }
}

}  // namespace patchbay::connectors
