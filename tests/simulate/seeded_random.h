// All chance of a simulation comes from here: splitmix64, the same numbers for the same seed on
// every machine.
//
// Threads: not thread-safe. A fork has numbers of its own: what one part draws does not shift what
// another one gets.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace patchbay::simulate {

// A number that depends on the text and the seed only.
std::uint64_t hashOf(std::uint64_t seed, std::string_view text);

class SeededRandom final : public base::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  SeededRandom fork(std::string_view name) const { return SeededRandom(hashOf(state_, name)); }

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }  // bound > 0
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  // True once in `times`; never for 0.
  bool oneIn(std::uint64_t times) { return times != 0 && below(times) == 0; }
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t state_;
};

}  // namespace patchbay::simulate
