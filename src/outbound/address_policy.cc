#include "outbound/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace patchbay::outbound {

namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// This network, link-local, metadata services at other addresses, multicast, reserved and
// broadcast.
constexpr std::array kForbidden4 = {
    Range4{four(0, 0, 0, 0), 8},          Range4{four(169, 254, 0, 0), 16},
    Range4{four(100, 100, 100, 200), 32}, Range4{four(168, 63, 129, 16), 32},
    Range4{four(224, 0, 0, 0), 4},        Range4{four(240, 0, 0, 0), 4}};
constexpr std::array kPrivate4 = {Range4{four(10, 0, 0, 0), 8}, Range4{four(127, 0, 0, 0), 8},
                                  Range4{four(172, 16, 0, 0), 12}, Range4{four(192, 168, 0, 0), 16},
                                  Range4{four(100, 64, 0, 0), 10}};

bool isIn(std::uint32_t address, std::span<const Range4> ranges) {
  for (const Range4& range : ranges) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - range.bits);
    if ((address & mask) == range.network) {
      return true;
    }
  }
  return false;
}

AddressKind kindOf4(std::uint32_t address) {
  if (isIn(address, kForbidden4)) {
    return AddressKind::kForbidden;
  }
  return isIn(address, kPrivate4) ? AddressKind::kPrivate : AddressKind::kPublic;
}

using Bytes16 = std::array<std::uint8_t, 16>;

std::uint32_t fourAt(const Bytes16& bytes, std::size_t at) {
  return four(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool startsWith(const Bytes16& bytes, std::span<const std::uint8_t> prefix) {
  return std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

AddressKind kindOf6(const Bytes16& bytes) {
  static constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
  static constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b};
  static constexpr std::array<std::uint8_t, 2> kSixToFour = {0x20, 0x02};
  static constexpr Bytes16 kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  static constexpr Bytes16 kMetadata = {0xfd, 0, 0x0e, 0xc2, 0, 0, 0,    0,
                                        0,    0, 0,    0,    0, 0, 0x02, 0x54};
  static constexpr std::array<std::uint8_t, 12> kCompatible = {};
  if (startsWith(bytes, kMapped) || startsWith(bytes, kNat64)) {
    return kindOf4(fourAt(bytes, 12));
  }
  if (startsWith(bytes, kSixToFour)) {
    return kindOf4(fourAt(bytes, 2));
  }
  if (bytes == kLoopback) {
    return AddressKind::kPrivate;
  }
  const bool linkLocal =
      bytes[0] == 0xfe && (bytes[1] & 0x80) != 0;  // fe80::/10, and site-local fec0::/10
  if (linkLocal || bytes[0] == 0xff || bytes == kMetadata || startsWith(bytes, kCompatible)) {
    return AddressKind::kForbidden;
  }
  return (bytes[0] & 0xfe) == 0xfc ? AddressKind::kPrivate : AddressKind::kPublic;
}

}  // namespace

AddressKind kindOf(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, address, sizeof four);
    return kindOf4(ntohl(four.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, address, sizeof six);
    Bytes16 bytes{};
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return kindOf6(bytes);
  }
  return AddressKind::kForbidden;
}

AddressKind kindOf(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
    return kindOf4(ntohl(four.s_addr));
  }
  Bytes16 bytes{};
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1 ? kindOf6(bytes)
                                                              : AddressKind::kForbidden;
}

}  // namespace patchbay::outbound
