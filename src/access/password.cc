#include "access/password.h"

#include <array>
#include <semaphore>

#include <sodium.h>

namespace patchbay::access {

namespace {

std::counting_semaphore<2>& places() {
  static std::counting_semaphore<2> semaphore(2);
  return semaphore;
}

class Place {
 public:
  Place() { places().acquire(); }
  ~Place() { places().release(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
};

std::string hashNow(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return {};
  }
  return std::string(text.data());
}

}  // namespace

base::Status checkPassword(std::string_view password) {
  if (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes) {
    return base::fail(base::Code::kInvalid,
                      "\"password\" must have 5 characters or more, 1024 bytes at most.");
  }
  return {};
}

base::Result<std::string> hashPassword(std::string_view password) {
  if (auto status = checkPassword(password); !status) {
    return status.error();
  }
  const Place place;
  std::string hash = hashNow(password);
  if (hash.empty()) {
    return base::fail(base::Code::kUnavailable,
                      "There is not enough memory to hash a password. Try again later.");
  }
  return hash;
}

bool passwordMatches(std::string_view password, const std::string& hash) {
  if (password.size() > kMaxPasswordBytes) {
    return false;
  }
  const Place place;
  static const std::string kNobody = hashNow("no user has this password");
  const std::string& against = hash.empty() ? kNobody : hash;
  const bool same =
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

}  // namespace patchbay::access
