// Randomness behind a seam, and the identifiers made from it (rest-api §1.5).
//
// Threads: SystemRandom is safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::base {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The operating system's generator (libsodium): fit for secrets.
class SystemRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

// Flows, components, tickets, files: UUID v4.
std::string newUuid(Random& random);
// Users, accounts, stores, tokens: 24 lowercase hex characters.
std::string newHexId(Random& random);
bool isUuid(std::string_view text);
std::string toHex(std::span<const std::uint8_t> bytes);
// 16 bytes as 8-4-4-4-12 with the version and variant bits of v4 set.
std::string formatUuid(std::span<const std::uint8_t, 16> bytes);

}  // namespace patchbay::base
