// Secrets at rest: XChaCha20-Poly1305 (libsodium) under one key of the server.
//
// The key is 32 bytes: PATCHBAY_SECRET_KEY (64 hex digits or base64), else a file of mode 0600 that the first start makes.
// Threads: safe from any thread. Errors: kConflict when the key file can be read by others, kInvalid for a bad key or a sealed text
// that this key did not seal. Frozen: base64(nonce ‖ ciphertext), bound to the name of what was sealed.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace patchbay::accounts {

class Sealer {
 public:
  // `given`: the text of PATCHBAY_SECRET_KEY, or empty. `file`: e.g. <data>/secret.key.
  static base::Result<Sealer> open(std::string_view given, const std::filesystem::path& file,
                                   base::Random& random);

  // `name` says what it is ("account 5a6e…"): a sealed text put elsewhere does not open.
  std::string seal(std::string_view plain, std::string_view name) const;
  base::Result<std::string> unseal(std::string_view sealed, std::string_view name) const;

 private:
  using Key = std::array<std::uint8_t, 32>;
  Sealer(const Key& key, base::Random& random) : key_(key), random_(&random) {}
  Key key_;
  base::Random* random_;
};

}  // namespace patchbay::accounts
