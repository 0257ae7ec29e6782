#include "accounts/sealer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include <sodium.h>

namespace patchbay::accounts {

namespace {

using Key = std::array<std::uint8_t, 32>;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<Key> parseKey(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  Key key{};
  std::size_t length = 0;
  if (text.size() == 64 && sodium_hex2bin(key.data(), key.size(), text.data(), text.size(), nullptr,
                                          &length, nullptr) == 0 &&
      length == key.size()) {
    return key;
  }
  for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
    if (sodium_base642bin(key.data(), key.size(), text.data(), text.size(), nullptr, &length,
                          nullptr, variant) == 0 &&
        length == key.size()) {
      return key;
    }
  }
  return std::nullopt;
}

base::Error systemError(const std::filesystem::path& file, std::string_view what) {
  return base::fail(base::Code::kInvalid, "The key file " + file.string() + " could not be " +
                                              std::string(what) + ": " + std::strerror(errno) + ".");
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

base::Status makeFile(const std::filesystem::path& file, base::Random& random) {
  const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.get() < 0) {
    return errno == EEXIST ? base::Status() : base::Status(systemError(file, "made"));
  }
  Key key{};
  random.fill(key);
  const std::string text = base::toHex(key) + "\n";
  if (::write(made.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(made.get()) != 0) {
    auto error = systemError(file, "written");
    ::unlink(file.c_str());
    return error;
  }
  return {};
}

base::Result<Key> readFile(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (opened.get() < 0 || ::fstat(opened.get(), &about) != 0) {
    return systemError(file, "opened");
  }
  if ((about.st_mode & 077) != 0) {
    return base::fail(base::Code::kConflict, "The key file " + file.string() +
                                                 " can be read by others: run chmod 600 on it.");
  }
  std::array<char, 256> text{};
  const ssize_t length = ::read(opened.get(), text.data(), text.size());
  const auto key = length > 0 ? parseKey({text.data(), static_cast<std::size_t>(length)})
                              : std::nullopt;
  if (!key) {
    return base::fail(base::Code::kInvalid,
                      "The key file " + file.string() + " holds no key of 64 hex digits.");
  }
  return *key;
}

}  // namespace

base::Result<Sealer> Sealer::open(std::string_view given, const std::filesystem::path& file,
                                  base::Random& random) {
  if (sodium_init() < 0) {
    return base::fail(base::Code::kInternal, "libsodium cannot be used on this machine.");
  }
  if (!given.empty()) {
    const auto key = parseKey(given);
    if (!key) {
      return base::fail(base::Code::kInvalid,
                        "PATCHBAY_SECRET_KEY must be 32 bytes, as 64 hex digits or as base64.");
    }
    return Sealer(*key, random);
  }
  if (auto made = makeFile(file, random); !made) {
    return made.error();
  }
  auto key = readFile(file);
  return key ? base::Result<Sealer>(Sealer(*key, random)) : base::Result<Sealer>(key.error());
}

std::string Sealer::seal(std::string_view plain, std::string_view name) const {
  std::vector<unsigned char> bytes(kNonce + plain.size() + kTag);
  random_->fill(std::span<std::uint8_t>(bytes.data(), kNonce));
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes.data() + kNonce, &length, bytesOf(plain),
                                             plain.size(), bytesOf(name), name.size(), nullptr,
                                             bytes.data(), key_.data());
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return text;
}

base::Result<std::string> Sealer::unseal(std::string_view sealed, std::string_view name) const {
  std::vector<unsigned char> bytes(std::max<std::size_t>(sealed.size(), 1));  // its data is then not null
  std::size_t length = 0;
  const bool decoded =
      sodium_base642bin(bytes.data(), bytes.size(), sealed.data(), sealed.size(), nullptr, &length,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
      length >= kNonce + kTag;
  std::string plain(decoded ? length - kNonce - kTag : 0, '\0');
  unsigned long long written = 0;
  if (!decoded || crypto_aead_xchacha20poly1305_ietf_decrypt(
                      reinterpret_cast<unsigned char*>(plain.data()), &written, nullptr,
                      bytes.data() + kNonce, length - kNonce, bytesOf(name), name.size(),
                      bytes.data(), key_.data()) != 0) {
    return base::fail(base::Code::kInvalid,
                      "A stored secret cannot be opened with this server's key.");
  }
  return plain;
}

}  // namespace patchbay::accounts
