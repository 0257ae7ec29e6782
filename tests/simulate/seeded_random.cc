#include "seeded_random.h"

namespace patchbay::simulate {

namespace {

std::uint64_t mix(std::uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

}  // namespace

std::uint64_t hashOf(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = mix(seed + 0x9e3779b97f4a7c15ULL);
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
  }
  return mix(hash);
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  return mix(state_);
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    number = at % 8 == 0 ? next() : number >> 8;
    bytes[at] = static_cast<std::uint8_t>(number);
  }
}

}  // namespace patchbay::simulate
