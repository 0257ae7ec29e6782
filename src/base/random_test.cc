#include "base/random.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

namespace patchbay::base {

namespace {

// Bytes that count on.
class Counting final : public Random {
 public:
  explicit Counting(std::uint8_t first) : next_(first) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      byte = next_++;
    }
  }

 private:
  std::uint8_t next_;
};

}  // namespace

TEST(Random, IdentifiersFollowFromTheBytes) {
  Counting zero(0);
  EXPECT_EQ(newUuid(zero), "00010203-0405-4607-8809-0a0b0c0d0e0f");
  Counting high(0xf0);
  EXPECT_EQ(newUuid(high), "f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff");
  Counting hex(0xa0);
  EXPECT_EQ(newHexId(hex), "a0a1a2a3a4a5a6a7a8a9aaab");
}

TEST(Random, UuidsAreRecognised) {
  EXPECT_TRUE(isUuid("f179c163-2ad8-4f9d-bce5-95200691b7f9"));
  EXPECT_TRUE(isUuid("F179C163-2AD8-4F9D-BCE5-95200691B7F9"));
  for (const char* text : {"", "f179c163-2ad8-4f9d-bce5-95200691b7f", "f179c163-2ad8-4f9d-bce5-95200691b7f90",
                           "f179c163x2ad8-4f9d-bce5-95200691b7f9", "g179c163-2ad8-4f9d-bce5-95200691b7f9",
                           "f179c1632ad84f9dbce595200691b7f9", "../../../../../../../../etc/passwd..."}) {
    EXPECT_FALSE(isUuid(text)) << text;
  }
}

TEST(Random, TheSystemsBytesDiffer) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = newUuid(random);
    EXPECT_TRUE(isUuid(id));
    EXPECT_EQ(id[14], '4');
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Random, HexIsLowerCase) {
  const std::array<std::uint8_t, 3> bytes{0x00, 0xab, 0xff};
  EXPECT_EQ(toHex(bytes), "00abff");
}

}  // namespace patchbay::base
