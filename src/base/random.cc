#include "base/random.h"

#include <array>

#include <sodium.h>

namespace patchbay::base {

namespace {
constexpr char kHex[] = "0123456789abcdef";
}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

std::string toHex(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 15]);
  }
  return text;
}

std::string formatUuid(std::span<const std::uint8_t, 16> bytes) {
  std::array<std::uint8_t, 16> copy{};
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  copy[6] = static_cast<std::uint8_t>((copy[6] & 0x0f) | 0x40);
  copy[8] = static_cast<std::uint8_t>((copy[8] & 0x3f) | 0x80);
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < copy.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      text.push_back('-');
    }
    text.push_back(kHex[copy[i] >> 4]);
    text.push_back(kHex[copy[i] & 15]);
  }
  return text;
}

std::string newUuid(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  return formatUuid(bytes);
}

std::string newHexId(Random& random) {
  std::array<std::uint8_t, 12> bytes{};
  random.fill(bytes);
  return toHex(bytes);
}

bool isUuid(std::string_view text) {
  if (text.size() != 36) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) {
      return false;
    }
  }
  return true;
}

}  // namespace patchbay::base
